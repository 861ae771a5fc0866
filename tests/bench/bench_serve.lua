-- Drafts handed in with a key, each answered when it is checked: what wrk runs for bench_serve.py.
-- Its arguments are a file with one request body a line, and one with a key a line.

local bodies, keys = {}, {}
local sent = 0
failed = 0
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  for line in io.lines(arguments[1]) do table.insert(bodies, line) end
  for line in io.lines(arguments[2]) do table.insert(keys, line) end
end

function request()
  sent = sent + 1
  local headers = {
    ["Content-Type"] = "application/json",
    ["Authorization"] = "Bearer " .. keys[sent % #keys + 1],
  }
  return wrk.format("POST", "/api/v1/checks?wait=60", headers, bodies[sent % #bodies + 1])
end

function response(status, headers, body)
  if status ~= 202 or not body:find('"state":"done"', 1, true) then failed = failed + 1 end
end

function done(summary, latency, requests)
  local refused = 0
  for _, thread in ipairs(threads) do refused = refused + thread:get("failed") end
  local errors = summary.errors
  io.stderr:write(string.format(
    '{"checks": %d, "seconds": %f, "failed": %d, "broken": %d, "median": %f, "p99": %f, "longest": %f}\n',
    summary.requests, summary.duration / 1e6, refused,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
