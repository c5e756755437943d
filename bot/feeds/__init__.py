"""Feeds: files at an address of the merchant's, fetched on a schedule and imported like an upload."""
