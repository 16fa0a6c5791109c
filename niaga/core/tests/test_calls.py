import logging

import pytest

from niaga.core.models import IncomingCall
from niaga.core.services.handle_call import handle_call
from niaga.core.services.receive_call import receive_call
from tests.makers import NOW


@pytest.mark.django_db
def test_a_call_that_fails_is_kept_and_logged_with_where_it_failed(caplog: pytest.LogCaptureFixture) -> None:
    call_id = receive_call(source="nobody", key="1", body=b"{}", company_id=None, at=NOW)
    assert call_id is not None

    with caplog.at_level(logging.WARNING):
        assert handle_call(call_id=call_id, at=NOW) == "waiting"

    assert "nothing here handles calls of nobody" in IncomingCall.objects.get(pk=call_id).error
    [told] = [one for one in caplog.records if one.name == "niaga.core.services.handle_call"]
    assert told.exc_info is not None
    assert "Traceback" in caplog.text
