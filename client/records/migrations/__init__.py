"""The steps that bring a database from one version to the next, applied by `client.records.migrate`."""
