"""The assets, in the order a row travels."""
