"""JAX: jitted steps whose state is donated, so that it stays in place."""

import time
from functools import partial

import jax
import jax.numpy as jnp

from timing import ALONE, CURVED, DESCENT, LARGE, MODELS, RATE, compilation, derivative, descent, step

LIBRARY = f"JAX {jax.__version__}"


def moved(params, m, v, gradient, count, lr=1e-3):
    """Adam with its usual settings."""
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradient)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradient)
    first, second = 1 / (1 - 0.9**count), 1 / (1 - 0.999**count)
    move = lambda p, m, v: p - lr * m * first / (jnp.sqrt(v * second) + 1e-8)
    return jax.tree.map(move, params, m, v), m, v


def perceptron(sizes, batch, activation):
    """Parameters, and the cross entropy as a function of them and of a batch."""
    keys = jax.random.split(jax.random.PRNGKey(1), len(sizes))
    weight = lambda key, a, b: jax.random.normal(key, (a, b)) * (2 / a) ** 0.5
    layers = [(weight(key, a, b), jnp.zeros(b)) for key, a, b in zip(keys, sizes, sizes[1:])]
    data = (jax.random.normal(keys[-1], (batch, sizes[0])), jnp.arange(batch) % sizes[-1])

    def loss(layers, x, labels):
        for w, b in layers[:-1]:
            x = activation(x @ w + b)
        logits = x @ layers[-1][0] + layers[-1][1]
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1))

    return layers, data, loss


def adam_step(loss):
    @partial(jax.jit, donate_argnums=(0, 1, 2, 3))
    def step(params, m, v, count, x, labels):
        value, gradient = jax.value_and_grad(loss)(params, x, labels)
        return *moved(params, m, v, gradient, count + 1, RATE), count + 1, value

    return step


def start(layers):
    """A state of its own, since it is given away."""
    zeros = lambda: jax.tree.map(jnp.zeros_like, layers)
    return [jax.tree.map(jnp.array, layers), zeros(), zeros(), jnp.float32(0)]


def steps(figures):
    for sizes, batch in MODELS:
        layers, data, loss = perceptron(sizes, batch, jax.nn.relu)
        one, state = adam_step(loss), start(layers)

        def run(n):
            for _ in range(n):
                *state[:], value = one(*state, *data)
            jax.block_until_ready(state)

        figures.time(step(sizes, batch), LIBRARY, "jit, donated", run)


def compiling(figures):
    for sizes, batch in MODELS:
        task = compilation(sizes, batch)
        if not figures.wants(task):
            continue
        layers, data, loss = perceptron(sizes, batch, jax.nn.relu)
        samples = []
        for _ in range(5):
            jax.clear_caches()
            begin = time.perf_counter()
            jax.block_until_ready(adam_step(loss)(*start(layers), *data))
            samples.append(time.perf_counter() - begin)
        figures.note(task, LIBRARY, "trace, compile and first run", samples)


def alone(figures):
    update = jax.jit(lambda p, m, v, g: moved(p, m, v, g, 3.0), donate_argnums=(0, 1, 2))
    state = [jnp.full(LARGE, 0.5), jnp.zeros(LARGE), jnp.zeros(LARGE)]
    gradient = jnp.full(LARGE, 0.01)

    def run(n):
        for _ in range(n):
            state[:] = update(*state, gradient)
        jax.block_until_ready(state)

    figures.time(ALONE, LIBRARY, "jit, donated", run)


def derivatives(figures):
    layers, data, loss = perceptron(*CURVED, jnp.tanh)
    gradient = jax.jit(lambda p: jax.value_and_grad(loss)(p, *data))
    direction = gradient(layers)[1]
    product = jax.jit(lambda p, v: jax.jvp(jax.value_and_grad(lambda p: loss(p, *data)), (p,), (v,)))
    for which, run in (("gradient", lambda: gradient(layers)), ("hvp", lambda: product(layers, direction))):
        figures.time(
            derivative(which),
            LIBRARY,
            "jit" if which == "gradient" else "jit, forward over reverse",
            lambda n, run=run: jax.block_until_ready([run() for _ in range(n)]),
        )


def rosenbrock(x):
    return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2


def descents(figures):
    def one(x, m, v, count):
        return moved(x, m, v, jax.grad(rosenbrock)(x), count)

    for runs, steps in DESCENT:
        many = one if runs == 1 else jax.vmap(one, in_axes=(0, 0, 0, None))
        body = lambda _, s: (*many(*s[:3], s[3] + 1), s[3] + 1)
        loop = jax.jit(lambda state: jax.lax.fori_loop(0, steps, body, state))
        x = jnp.array([-1.2, 1.0]) if runs == 1 else jnp.full((runs, 2), 0.5)
        state = (x, jnp.zeros_like(x), jnp.zeros_like(x), jnp.float64(0))
        run = lambda n: jax.block_until_ready([loop(state) for _ in range(n)])
        figures.time(descent(runs), LIBRARY, "jit of fori_loop, f64", run, share=steps * runs)


def measure(figures):
    for task in (steps, alone, derivatives, compiling):
        task(figures)
    with jax.enable_x64(True):
        descents(figures)
