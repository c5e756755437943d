"""The web channel: the customer's HTTP API, the widget that speaks it, and a storefront to try it on."""
