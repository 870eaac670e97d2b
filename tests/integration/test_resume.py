# SPDX-License-Identifier: Apache-2.0
"""Sessions that nobody comes back to."""

import grpc
import pytest
from client import outcomes, wait_until
from sessions import Session
from test_run import loopback


def test_a_session_that_nobody_comes_back_to_is_halted_after_its_time(breakable):
    breakable.server.stop()
    breakable.server.start("--session_grace", "1")
    client = breakable.client()
    client.wait_for_state("left", "READY")
    session = Session(client, instances=["left"])
    session.submit(1, "left", loopback(1), attempts=1000, wait_probe=1)
    for event in session.events():
        if event.HasField("accepted"):
            break
    session.break_off()
    assert wait_until(lambda: outcomes(client.instances()["left"].ledger) == 1)
    assert client.instances()["left"].ledger.halted == 1
    with pytest.raises(grpc.RpcError) as failed:
        session.connect()
    assert failed.value.code() == grpc.StatusCode.NOT_FOUND
