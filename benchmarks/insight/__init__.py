"""How well a school notices what goes wrong with its models and items: what was planted, found again."""
