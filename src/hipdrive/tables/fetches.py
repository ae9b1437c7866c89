"""What the services were asked, and what came."""

from __future__ import annotations

import dataframely as dy

OUTCOMES = ("file", "none", "fault")


class Fetch(dy.Schema):
    """One time that a service was asked for an athlete's runs or sets."""

    athlete_id = dy.String(primary_key=True, description="whose")
    service = dy.String(primary_key=True, description="garmin, intervals or hevy")
    asked_utc = dy.Datetime(time_zone="UTC", primary_key=True, description="when", metadata={"unit": "UTC"})
    is_success = dy.Bool(description="whether it gave all that it was asked for")
    is_whole = dy.Bool(description="whether its list was once walked to the end; until then all of it is asked again")
    newest_utc = dy.Datetime(
        nullable=True,
        time_zone="UTC",
        description="the newest start (hevy: the newest edit) seen so far; fourteen days before it are asked again",
        metadata={"unit": "UTC"},
    )
    not_before_utc = dy.Datetime(
        nullable=True, time_zone="UTC", description="until when it asked to be left alone", metadata={"unit": "UTC"}
    )
    files = dy.Int64(min=0, description="new or changed files that it gave", metadata={"unit": "count"})
    requests = dy.Int64(min=0, description="requests that it took", metadata={"unit": "count"})
    owner = dy.String(nullable=True, description="hash of the account's number, so that another's key is noticed")
    fault = dy.String(nullable=True, description="what went wrong, and what to do")
    may_pass = dy.Bool(description="whether the fault may pass without a person")


class FetchedItem(dy.Schema):
    """One activity that a service listed, as it was met last."""

    athlete_id = dy.String(primary_key=True, description="whose")
    service = dy.String(primary_key=True, description="garmin or intervals")
    item_id = dy.String(primary_key=True, description="the service's own number of it")
    mark = dy.String(description="hash of its line in the list; where that changes, the file is asked for again")
    start_utc = dy.Datetime(
        nullable=True, time_zone="UTC", description="its start, as listed", metadata={"unit": "UTC"}
    )
    outcome = dy.Enum(OUTCOMES, description="file: it lies in the inbox; none: the service keeps no file of it; fault")
    content_sha256 = dy.String(nullable=True, description="sha256 of what the file holds, unpacked")
    is_listed = dy.Bool(description="whether the newest list that reached so far still had it")
    first_asked_utc = dy.Datetime(time_zone="UTC", description="when it was first asked for", metadata={"unit": "UTC"})
