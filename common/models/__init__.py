"""Knowledge tracing models and the signed release that carries them."""
