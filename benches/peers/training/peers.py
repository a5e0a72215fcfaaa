"""Adam steps of cross-entropy perceptrons, Adam alone, and descent on Rosenbrock's function, in JAX and PyTorch.

The same work as `cargo bench -p thalweg --bench train` and `--bench cpu`; run both on one machine, with nothing beside
them:

    pip install jax torch
    python benches/peers/training/peers.py            # a table, and the same as JSON in target/peers-training.json

JAX runs jitted steps with donated buffers. PyTorch runs with fused Adam, eager and compiled by `torch.compile`, with one
and with all threads; the best is shown. Each figure is the best of several repetitions.
"""

import json
import os
import pathlib
import platform
import time
from functools import partial

MODELS = [((2, 64, 64, 2), 32, 2000), ((784, 256, 128, 10), 64, 300), ((784, 1024, 1024, 10), 256, 30)]
LARGE = 16_000_000


def best(run, times, repetitions=8):
    run(10)
    figures = []
    for _ in range(repetitions):
        start = time.perf_counter()
        run(times)
        figures.append((time.perf_counter() - start) / times)
    return min(figures)


def name_of(sizes, batch):
    return f"{'-'.join(map(str, sizes))} b{batch}"


def jax_figures():
    import jax
    import jax.numpy as jnp

    def moved(p, m, v, g, count):
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        first, second = 1 / (1 - 0.9**count), 1 / (1 - 0.999**count)
        p = jax.tree.map(lambda p, m, v: p - 1e-3 * m * first / (jnp.sqrt(v * second) + 1e-8), p, m, v)
        return p, m, v

    figures = {}
    key = jax.random.PRNGKey(0)
    for sizes, batch, times in MODELS:
        layers = [(jax.random.normal(key, (a, b)) * 0.05, jnp.zeros(b)) for a, b in zip(sizes, sizes[1:])]
        x = jax.random.normal(key, (batch, sizes[0]))
        labels = jnp.arange(batch) % sizes[-1]

        def loss(layers):
            h = x
            for i, (w, b) in enumerate(layers):
                h = h @ w + b
                if i + 1 < len(layers):
                    h = jax.nn.relu(h)
            return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(h), labels[:, None], 1))

        @partial(jax.jit, donate_argnums=(0, 1, 2, 3))
        def step(p, m, v, count):
            value, g = jax.value_and_grad(loss)(p)
            return *moved(p, m, v, g, count + 1), count + 1, value

        zeros = lambda: jax.tree.map(jnp.zeros_like, layers)
        state = [jax.tree.map(jnp.array, layers), zeros(), zeros(), jnp.float32(0)]

        def run(n):
            for _ in range(n):
                *state[:], value = step(*state)
            value.block_until_ready()

        figures[name_of(sizes, batch)] = best(run, times)

    @partial(jax.jit, donate_argnums=(0, 1, 2))
    def alone(p, m, v, g):
        return moved(p, m, v, g, 3.0)

    large = [jnp.ones(LARGE), jnp.zeros(LARGE), jnp.zeros(LARGE)]
    gradient = jnp.ones(LARGE)

    def run(n):
        for _ in range(n):
            large[:] = alone(*large, gradient)
        jax.block_until_ready(large)

    figures["Adam alone, 16 M"] = best(run, 3)

    jax.config.update("jax_enable_x64", True)
    rosenbrock = lambda x: 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2

    def descend(_, state):
        x, m, v, count = state
        return *moved(x, m, v, jax.grad(rosenbrock)(x), count + 1), count + 1

    def descend_all(i, state):
        *lanes, count = state
        return *jax.vmap(lambda x, m, v: descend(i, (x, m, v, count))[:3])(*lanes), count + 1

    for runs, body in ((1, descend), (4096, descend_all)):
        x = jnp.array([-1.2, 1.0]) if runs == 1 else jnp.full((runs, 2), 0.5)
        state = (x, jnp.zeros_like(x), jnp.zeros_like(x), jnp.float64(0))
        steps = 100_000 if runs == 1 else 2000
        many = jax.jit(lambda state: jax.lax.fori_loop(0, steps, body, state))
        run = lambda n: [jax.block_until_ready(many(state)) for _ in range(n)]
        figures[f"Rosenbrock, {runs} runs, per run and step"] = best(run, 1, 5) / steps / runs
    return figures


def torch_figures():
    import torch

    figures = {}

    def note(name, value, how):
        if name not in figures or value < figures[name][0]:
            figures[name] = (value, how)

    for threads in (1, os.cpu_count()):
        torch.set_num_threads(threads)
        for sizes, batch, times in MODELS:
            for compiled in (False, True):
                layers = []
                for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
                    layers += [torch.nn.Linear(a, b)] + ([torch.nn.ReLU()] if i + 2 < len(sizes) else [])
                model = torch.nn.Sequential(*layers)
                x, labels = torch.randn(batch, sizes[0]), torch.arange(batch) % sizes[-1]
                optimizer = torch.optim.Adam(model.parameters(), fused=True)
                forward = torch.compile(model) if compiled else model
                criterion = torch.nn.CrossEntropyLoss()

                def run(n):
                    for _ in range(n):
                        optimizer.zero_grad()
                        criterion(forward(x), labels).backward()
                        optimizer.step()

                how = f"{'compiled' if compiled else 'eager'}, fused, {threads} threads"
                try:
                    note(name_of(sizes, batch), best(run, max(times // 4, 10)), how)
                except Exception as error:  # `torch.compile` needs a C++ compiler.
                    print(f"skipped {how}: {str(error).splitlines()[0]}")
        parameter = torch.nn.Parameter(torch.ones(LARGE))
        parameter.grad = torch.ones(LARGE)
        optimizer = torch.optim.Adam([parameter], fused=True)
        note("Adam alone, 16 M", best(lambda n: [optimizer.step() for _ in range(n)], 3), f"fused, {threads} threads")
    return figures


def main():
    rows = {}
    try:
        import jax

        rows |= {f"JAX {jax.__version__}": {k: (v, "jit, donated") for k, v in jax_figures().items()}}
    except ImportError:
        print("JAX is not installed: pip install jax")
    try:
        import torch

        rows |= {f"PyTorch {torch.__version__}": torch_figures()}
    except ImportError:
        print("PyTorch is not installed: pip install torch")
    for library, figures in rows.items():
        for name, (seconds, how) in figures.items():
            unit = (f"{seconds * 1e9:10.2f} ns", f"{seconds * 1e6:10.2f} µs")[seconds > 1e-6]
            print(f"{library:24} {name:44} {unit}  {how}")
    path = pathlib.Path("target/peers-training.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"machine": platform.processor(), "cores": os.cpu_count(), "figures": rows}, indent=1))


if __name__ == "__main__":
    main()
