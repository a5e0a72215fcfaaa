"""Values of BBOB functions by `cocoex`, which has no gradients: the work of `value` in the bench `landscapes`.

    pip install coco-experiment==2.8.2 numpy && python coco.py
"""

import time

import cocoex
import numpy

LANES = 1024


def median(run):
    """The median time of a run in microseconds, over runs of about a second together."""
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < 1.0:
        begin = time.perf_counter()
        run()
        times.append(1e6 * (time.perf_counter() - begin))
    return numpy.median(times)


for function in (15, 16, 21):
    for dimension in (2, 20, 40):
        options = f"dimensions: {dimension} function_indices: {function} instance_indices: 1"
        problem = cocoex.Suite("bbob", "", options)[0]
        points = numpy.random.default_rng(1).uniform(-5, 5, (LANES, dimension))

        def run():
            for x in points:
                problem(x)

        each = median(run)
        print(f"bbob f{function} n = {dimension:<3} {1e3 * each / LANES:>9.1f} ns a value, {each:>9.1f} µs for {LANES}")
