// Shows the description of the interface; everything comes from this host.
"use strict";

SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
