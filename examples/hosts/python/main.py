"""Runs the core on recorded bodies and compares the answers: python main.py FOLDER (from prepare.mjs)."""

import json
import statistics
import sys
import time
from pathlib import Path

from sallyport_core import BodyError, Core


def main(folder: Path) -> int:
    cases = json.loads((folder / "cases.json").read_text())
    wasm = (folder / "core.wasm").read_bytes()
    cores = {name: Core(wasm, (folder / name).read_bytes()) for name in {case["image"] for case in cases}}
    wrong = 0
    for case in cases:
        answer = cores[case["image"]].evaluate(case["body"].encode(), case["now"]).decode()
        if answer != case["answer"]:
            wrong += 1
            print(f"{case['body']}\n  {answer}, not {case['answer']}")
    core = next(iter(cores.values()))
    try:
        core.evaluate(b'{"subject": 1, "subject": 2}')
        wrong += 1
    except BodyError as error:
        print(f"a broken body: {error}")
    print(f"python: {len(cases) - wrong} of {len(cases)} answers are as recorded")
    report(cores, cases)
    return 1 if wrong else 0


def report(cores: dict[str, Core], cases: list[dict]) -> None:
    asked = [(cores[case["image"]], case["body"].encode(), case["now"]) for case in cases]
    times = []
    for _ in range(5):
        for core, body, now in asked:
            start = time.perf_counter_ns()
            core.evaluate(body, now)
            times.append(time.perf_counter_ns() - start)
    times.sort()
    print(f"python: p50 {statistics.median(times) / 1000:.1f} µs, p99 {times[len(times) * 99 // 100] / 1000:.1f} µs a body")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
