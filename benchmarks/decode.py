"""This decoder beside others: the same files, every message as a polars frame, CPU time.

    python benchmarks/decode.py [--corpus FOLDER] [--rounds N] [--out docs] [--some]

Needs the corpus of real files (`--corpus` or `$HIPDRIVE_CORPUS`) and whichever of the other decoders are installed;
those that are not are left out. fitparse, fitdecode and the SDK read each file once, because they take minutes; the
fast ones read it `--rounds` times in turn and the median counts. Most give dicts, from which the frames are then built
column by column; their time without that is measured too. fitfast also gives columns at once, all as float64 and
without texts and lists, of one message at a time: that is asked for the seven messages that every pipeline needs.
Writes a table (`decoding.json`) and a chart (`decoding.svg`). With `--some` this decoder is measured alone: every
message beside those that a night needs, and beside all of them by name.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import io
import itertools
import json
import math
import os
import platform
import statistics
import time
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

from hipdrive.fit import decode
from hipdrive.read.runs import MESSAGES

Rows = dict[str, list[dict[Any, Any]]]
Columns = dict[str, dict[str, Any]]
OWN = "hipdrive.fit"
SLOW = ("fitparse", "fitdecode", "garmin-fit-sdk")
SEVEN = ("file_id", "record", "session", "lap", "event", "set", "device_info")


def as_frames(rows: Rows) -> dict[str, pl.DataFrame]:
    """Frames of rows: each field a column, of whatever type its values give; what has none is text."""
    frames = {}
    for name, messages in rows.items():
        fields = dict.fromkeys(field for message in messages for field in message)
        columns = []
        for field in fields:
            values = [message.get(field) for message in messages]
            try:
                columns.append(pl.Series(str(field), values, strict=False))
            except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
                columns.append(pl.Series(str(field), [str(value) for value in values]))
        unique = {column.name: column for column in columns}
        frames[name] = pl.DataFrame(list(unique.values()))
    return frames


def columns_as_frames(columns: Columns) -> dict[str, pl.DataFrame]:
    """Frames of arrays."""
    return {name: pl.DataFrame(arrays) for name, arrays in columns.items()}


@dataclass(frozen=True)
class Rival:
    """A decoder: how it reads a file's bytes into rows (or columns) by message, and these into frames."""

    name: str
    module: str
    read: Callable[[Any, bytes], Any]
    frames: Callable[[Any], dict[str, pl.DataFrame]] = as_frames


def by_name(messages: Iterable[tuple[str, dict[Any, Any]]]) -> Rows:
    """Rows by message name."""
    rows: Rows = {}
    for name, row in messages:
        rows.setdefault(str(name), []).append(row)
    return rows


def read_fitparse(fitparse: Any, data: bytes) -> Rows:  # noqa: ANN401 - these libraries have no types
    """All messages by fitparse, up to its first fault."""
    rows: Rows = {}
    try:
        for message in fitparse.FitFile(io.BytesIO(data)).get_messages():
            rows.setdefault(str(message.name), []).append(message.get_values())
    except fitparse.FitParseError:
        pass
    return rows


def read_fitdecode(fitdecode: Any, data: bytes) -> Rows:  # noqa: ANN401
    """All messages by fitdecode, up to its first fault."""
    rows: Rows = {}
    try:
        with fitdecode.FitReader(io.BytesIO(data)) as reader:
            for frame in reader:
                if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                    rows.setdefault(str(frame.name), []).append({field.name: field.value for field in frame.fields})
    except fitdecode.FitError:
        pass
    return rows


def read_sdk(sdk: Any, data: bytes) -> Rows:  # noqa: ANN401
    """All messages by the official SDK."""
    return sdk.Decoder(sdk.Stream.from_byte_array(bytearray(data))).read()[0]  # type: ignore[no-any-return]


def is_refusal(error: BaseException, *refusals: type[Exception]) -> bool:
    """Whether a decoder refused the file, or its Rust panicked over it, which reaches Python as no Exception."""
    return isinstance(error, refusals) or type(error).__name__ == "PanicException"


def read_fitfast(fitfast: Any, data: bytes) -> Rows:  # noqa: ANN401
    """All messages by fitfast; none of a file that it rejects."""
    try:
        return fitfast.parse(data)  # type: ignore[no-any-return]
    except BaseException as error:
        if not is_refusal(error, fitfast.FitDecodeError):
            raise
        return {}


def read_fitfast_columns(fitfast: Any, data: bytes) -> Columns:  # noqa: ANN401
    """Seven messages by fitfast as columns; none of a file that it rejects."""
    try:
        return {name: fitfast.records(data, message=name) for name in SEVEN}
    except BaseException as error:
        if not is_refusal(error, fitfast.FitDecodeError):
            raise
        return {}


def read_pyroparse(pyroparse: Any, data: bytes) -> Rows:  # noqa: ANN401
    """All messages by pyroparse; none of a file that it rejects."""
    try:
        messages = pyroparse.all_messages(data)
    except BaseException as error:
        if not is_refusal(error, ValueError, RuntimeError, OSError):
            raise
        return {}
    return by_name((one["kind"], {field["name"]: field["value"] for field in one["fields"]}) for one in messages)


def read_native(native: Any, data: bytes) -> Rows:  # noqa: ANN401
    """All messages by pyfitparsernative; none of a file that it rejects."""
    try:
        messages = native.parse_fit_bytes(data)
    except BaseException as error:
        if not is_refusal(error, ValueError, RuntimeError, OSError):
            raise
        return {}
    return by_name((one.get("message_type", ""), one) for one in messages)


RIVALS = (
    Rival("fitparse", "fitparse", read_fitparse),
    Rival("fitdecode", "fitdecode", read_fitdecode),
    Rival("garmin-fit-sdk", "garmin_fit_sdk", read_sdk),
    Rival("pyroparse", "pyroparse", read_pyroparse),
    Rival("pyfitparsernative", "pyfitparsernative", read_native),
    Rival("fitfast", "fitfast", read_fitfast),
    Rival("fitfast, 7 messages", "fitfast", read_fitfast_columns, columns_as_frames),
)


def corpus_files(folder: Path) -> dict[str, bytes]:
    """Name → bytes of every FIT file, out of its gzip or zip."""
    files = {}
    for path in sorted(folder.glob("*/*")):
        data = path.read_bytes()
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = archive.read(archive.namelist()[0])
        if len(data) > 14:  # noqa: PLR2004 - a header: shorter ones have nothing to decode
            files[path.relative_to(folder).as_posix()] = data
    return files


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one run, of all threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


@dataclass
class Timed:
    """What a decoder took for one file: CPU seconds with frames, without them, and whether it gave anything.

    This decoder makes nothing but frames; of its runs there is also the spread between the quartiles.
    """

    frames_s: float
    plain_s: float
    has_messages: bool
    spread_fraction: float = 0.0


def measure(files: dict[str, bytes], rounds: int) -> tuple[dict[str, dict[str, Timed]], float]:
    """Decoder → file → what it took; and what the first pass of this decoder over all files took, imports excluded."""
    rivals = []
    for rival in RIVALS:
        try:
            rivals.append((rival, importlib.import_module(rival.module)))
        except ImportError as error:
            print(f"{rival.name} is left out: {error}")
    times: dict[str, dict[str, Timed]] = {OWN: {}, **{rival.name: {} for rival, _ in rivals}}
    first = sum(seconds(lambda data=data: decode(data)) for data in files.values())  # type: ignore[misc]
    for done, (name, data) in enumerate(files.items()):
        own = [seconds(lambda data=data: decode(data)) for _ in range(rounds)]  # type: ignore[misc]
        for rival, module in rivals:
            runs = []
            for _ in range(1 if rival.name in SLOW else rounds):
                kept: list[Any] = []
                plain = seconds(lambda: kept.append(rival.read(module, data)))  # noqa: B023 - called at once
                runs.append((plain + seconds(lambda: rival.frames(kept[0])), plain))  # noqa: B023
            frames_s, plain_s = (statistics.median(run[i] for run in runs) for i in range(2))
            times[rival.name][name] = Timed(frames_s, plain_s, any(len(one) for one in kept[0].values()))
        own += [seconds(lambda data=data: decode(data)) for _ in range(rounds)]  # type: ignore[misc]
        middle, spread = statistics.median(own), statistics.quantiles(own, n=4)
        times[OWN][name] = Timed(middle, middle, bool(decode(data).frames), (spread[2] - spread[0]) / middle)
        if done % 50 == 0:
            print(f"{done} of {len(files)} files", flush=True)
    return times, first


def measure_some(files: dict[str, bytes], rounds: int) -> None:
    """Every message, those that a night needs, and all by name: the sum of each file's least CPU seconds."""
    total = {"every message": 0.0, "those that a night needs": 0.0, "every one by its name": 0.0}
    for data in files.values():
        kinds = list(zip(total, (None, MESSAGES, frozenset(decode(data).frames)), strict=True))
        least = dict.fromkeys(total, math.inf)
        for turn in range(3 * rounds):  # who comes first finds nothing in the caches, so they take turns
            for what, asked in kinds[turn % 3 :] + kinds[: turn % 3]:
                least[what] = min(least[what], seconds(lambda data=data, asked=asked: decode(data, messages=asked)))  # type: ignore[misc]
        for what, taken in least.items():
            total[what] += taken
    for what, taken in total.items():
        print(f"{what}: {taken:.2f} CPU s, {taken / total['every message']:.2f} of every message")


def summary(times: dict[str, dict[str, Timed]], files: dict[str, bytes]) -> list[dict[str, Any]]:
    """A row a decoder: total CPU seconds, MB/s, and how many times as long it takes, in total and per file.

    Only files that the decoder gives something of are counted, for it and for this one: who rejects a file is fast.
    """
    rows = []
    for decoder, per_file in times.items():
        read = [name for name in files if per_file[name].has_messages]
        own = {name: times[OWN][name].frames_s for name in read}
        size = sum(len(files[name]) for name in read) / 1e6
        row: dict[str, Any] = {"decoder": decoder, "files": len(read), "megabytes": size}
        for what in ("frames", "plain"):
            taken = {name: getattr(per_file[name], f"{what}_s") for name in read}
            ratios = [taken[name] / own[name] for name in read]
            row |= {
                f"{what}_s": sum(taken.values()),
                f"{what}_mb_per_s": size / sum(taken.values()),
                f"{what}_ratio_of_totals": sum(taken.values()) / sum(own.values()),
                f"{what}_geometric_mean_ratio": math.exp(statistics.fmean(map(math.log, ratios))),
                f"{what}_smallest_ratio": min(ratios),
                f"{what}_largest_ratio": max(ratios),
            }
        rows.append(row)
    return rows


def draw(times: dict[str, dict[str, Timed]], files: dict[str, bytes]) -> alt.LayerChart | alt.FacetChart:
    """How many times as long the others take, by size of file: geometric means of files of about one size."""
    points = pl.DataFrame(
        {
            "decoder": decoder,
            "kB": 2.0 ** round(math.log2(len(files[name]) / 1000)),
            "ln": math.log(taken.frames_s / times[OWN][name].frames_s),
        }
        for decoder, per_file in times.items()
        if decoder != OWN
        for name, taken in per_file.items()
        if taken.has_messages
    )
    means = points.group_by("decoder", "kB", maintain_order=True).agg(pl.col("ln").mean().exp().alias("times as long"))
    title = "CPU time to decode a file into frames, as a multiple of hipdrive.fit's"
    lines: alt.Chart = (
        alt.Chart(means.sort("decoder", "kB"), title=title)
        .mark_line(point=True)
        .encode(
            x=alt.X("kB", title="size of the file, kB", scale=alt.Scale(type="log")),
            y=alt.Y("times as long", title="times as long as hipdrive.fit", scale=alt.Scale(type="log")),
            color=alt.Color("decoder", scale=alt.Scale(scheme="tableau10")),
            shape=alt.Shape("decoder"),
        )
    )
    even: alt.Chart = alt.Chart(pl.DataFrame({"y": [1.0]})).mark_rule(strokeDash=[4, 4]).encode(y="y")
    chart: alt.LayerChart | alt.FacetChart = (lines + even).properties(width=640, height=380)
    return chart


BEGIN, END = "<!-- measured by benchmarks/decode.py -->", "<!-- end -->"
CLASSES_KB = (1, 5, 20, 100, math.inf)


def table(found: dict[str, Any]) -> str:
    """The measured numbers as a page shows them."""
    measured = (
        f"Measured {found['date']} on {found['machine']}: {found['files']} files, {found['megabytes']:.1f} MB. The "
        f"first pass over all of them took {found['first_pass_s']:.2f} s, no definition being known yet. The "
        f"spread between the quartiles of one file's runs was {found['median_spread_fraction']:.0%} (median of files)."
    )
    lines = [
        *(measured, ""),
        "| decoder | files it reads | CPU s | MB/s | times as long | per file (geometric mean) | without frames |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['decoder']} | {row['files']} | {row['frames_s']:.2f} | {row['frames_mb_per_s']:.2f} | "
        f"{row['frames_ratio_of_totals']:.1f} | {row['frames_geometric_mean_ratio']:.1f} | "
        f"{row['plain_ratio_of_totals']:.1f} / {row['plain_geometric_mean_ratio']:.1f} |"
        for row in found["decoders"]
    ]
    lines += [
        "",
        "| size of the file | files | hipdrive.fit, ms (median) | fitparse, times as long (geometric mean) |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {row['class']} | {row['files']} | {row['own_ms']:.2f} | {row['fitparse_ratio']:.1f} |"
        for row in found["classes"]
    ]
    return "\n".join(lines)


def classes(times: dict[str, dict[str, Timed]], files: dict[str, bytes]) -> list[dict[str, Any]]:
    """By size of file: how long this decoder takes, and how many times as long fitparse."""
    own, other = times[OWN], times.get("fitparse", {})
    rows = []
    for low, high in itertools.pairwise((0, *CLASSES_KB)):
        names = [n for n in files if low * 1000 <= len(files[n]) < high * 1000 and n in other and other[n].has_messages]
        if names:
            rows.append(
                {
                    "class": f"{low} to {high} kB" if high < math.inf else f"over {low} kB",
                    "files": len(names),
                    "own_ms": statistics.median(own[name].frames_s for name in names) * 1000,
                    "fitparse_ratio": statistics.geometric_mean(
                        other[name].frames_s / own[name].frames_s for name in names
                    ),
                }
            )
    return rows


def main() -> None:
    """Measures, prints the table and writes it down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("HIPDRIVE_CORPUS", "")) / "fit")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--some", action="store_true")
    choice = parser.parse_args()
    files = corpus_files(choice.corpus)
    if not files:
        parser.error(f"{choice.corpus} holds no FIT files; name the corpus with --corpus")
    if choice.some:
        measure_some(files, choice.rounds)
        return
    times, first = measure(files, choice.rounds)
    rows = summary(times, files)
    spread = statistics.median(taken.spread_fraction for taken in times[OWN].values())
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "files": len(files),
        "megabytes": sum(map(len, files.values())) / 1e6,
        "first_pass_s": first,
        "median_spread_fraction": spread,
        "decoders": rows,
        "classes": classes(times, files),
    }
    (choice.out / "decoding.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    draw(times, files).save(choice.out / "decoding.svg")
    page = choice.out / "decoding.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{table(found)}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
