"""The pictures of README and docs, made anew: two made-up runners, their pages, and a Chromium that looks at them.

`make pictures` writes `docs/pictures/*.png`. Look at each before you keep it. Needs a Chromium (the system's, or
that of `$HIPDRIVE_CHROMIUM`) and the groups `test` and `docs` of `pyproject.toml`; two minutes, if nothing else runs.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).parent / "pictures"
MOST_BYTES = 300_000
COLOURS = 256
DESK, PHONE = 1280, 390
SCALE = 1.5  # dots of the picture for one of the page
MARGIN = 16
HIPDRIVE = Path(sys.executable).with_name("hipdrive")


@dataclass(frozen=True)
class Picture:
    """A part of a page: of the runner with so many weeks, from an element down, so high at most."""

    weeks: int
    selector: str
    height: int
    width: int = DESK


PICTURES = {
    "first-screen": Picture(104, "body", 860),
    "first-screen-phone": Picture(104, "body", 844, PHONE),
    "first-weeks": Picture(6, "body", 860),
    "doing": Picture(104, "#doing", 877),
    "running": Picture(104, "#running", 1000),
    "together": Picture(104, "#together", 1000),
    "stride": Picture(104, "#stride", 786),
    "further": Picture(104, "#further", 1035),
    "runs": Picture(104, "#runs", 505),
    "quality": Picture(104, "#quality", 700),
}


def make_page(folder: Path, weeks: int) -> Path:
    """The page of a made-up runner in a home of its own."""
    home = folder / f"weeks-{weeks}"
    for words in (["init", str(home)], ["demo", "--weeks", str(weeks), "--home", str(home)]):
        subprocess.run([HIPDRIVE, *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
    return home / "reports" / "demo" / "index.html"


def look(browser: Browser, page: Path, picture: Picture) -> bytes:
    """The part of the page as a PNG of few colours."""
    tab = browser.new_page(
        viewport={"width": picture.width, "height": 900}, device_scale_factor=SCALE, reduced_motion="reduce"
    )
    tab.goto(page.as_uri())
    tab.wait_for_load_state("networkidle")
    tab.locator(picture.selector).first.scroll_into_view_if_needed()
    tab.wait_for_timeout(1500)  # figures are drawn when they come near
    box = tab.locator(picture.selector).first.bounding_box()
    if box is None:
        raise RuntimeError(f"{page}: nothing to see at {picture.selector}")
    top = box["y"] + tab.evaluate("scrollY")
    is_section = picture.selector != "body"
    left, width = (max(0, box["x"] - MARGIN), box["width"] + 2 * MARGIN) if is_section else (0, picture.width)
    clip = {"x": left, "y": top, "width": width, "height": min(box["height"], picture.height)}
    shot = tab.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
    tab.close()
    packed = io.BytesIO()
    few = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(packed, format="PNG", optimize=True)
    return packed.getvalue()


def main() -> None:
    """Make every picture anew, or those that are named."""
    wanted = {name: PICTURES[name] for name in sys.argv[1:] or PICTURES}
    chromium = os.environ.get("HIPDRIVE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = {weeks: make_page(Path(folder), weeks) for weeks in {one.weeks for one in wanted.values()}}
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, picture in wanted.items():
            png = look(browser, pages[picture.weeks], picture)
            if len(png) > MOST_BYTES:
                raise RuntimeError(f"{name}.png has {len(png)} bytes, {MOST_BYTES} at most: show less of it")
            (FOLDER / f"{name}.png").write_bytes(png)
            print(f"docs/pictures/{name}.png: {len(png) / 1000:.0f} kB")  # noqa: T201  what was done
        browser.close()


if __name__ == "__main__":
    main()
