"""Shared by all tests: Hypothesis profiles, the closed network, the servers of contract/servers.py as fixtures."""

import os

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import enable_socket, socket_allow_hosts

from tests.contract.servers import chroma_url, database_url, database_urls, databases, redis_url

__all__ = ["chroma_url", "database_url", "database_urls", "databases", "redis_url"]

_PATIENT = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("quick", max_examples=40, deadline=None, suppress_health_check=_PATIENT)
settings.register_profile("ci", max_examples=100, deadline=None, suppress_health_check=_PATIENT, derandomize=True)
settings.register_profile("long", max_examples=2_000, deadline=None, suppress_health_check=_PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Tests reach this machine alone."""
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "::1", "localhost", "0.0.0.0"], allow_unix_socket=True)
