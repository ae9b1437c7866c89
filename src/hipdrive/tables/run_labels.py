"""What a service knows of runs that no file of a run tells: names, gear, races."""

from __future__ import annotations

import dataframely as dy


class FileLabel(dy.Schema):
    """One activity of a service's list, by the file that holds it."""

    file = dy.String(description="where the file lies, seen from the list's folder")
    name = dy.String(nullable=True, description="what its athlete called it")
    gear = dy.String(nullable=True, description="the shoes")
    is_race = dy.Bool(description="whether the athlete called it a race")


class ListedFile(FileLabel):
    """One activity of a service's list, by whose list it is and the file that holds it."""

    athlete_id = dy.String(primary_key=True, description="whose list it is")
    source_id = dy.String(primary_key=True, description="the list")
    file = dy.String(primary_key=True, description="where the file lies, seen from the list's folder")


class RunLabel(dy.Schema):
    """One activity that some list of a service tells of; of several recordings the one that counts."""

    athlete_id = dy.String(description="whose activity it is")
    activity_id = dy.String(primary_key=True, description="the activity")
    name = dy.String(nullable=True, description="what its athlete called it; left out of a page that is shared")
    gear = dy.String(nullable=True, description="the shoes")
    is_race = dy.Bool(description="whether the athlete called it a race")
