"""PyTorch: eager, with the fused optimizer, and compiled, each with one and with all threads."""

import os

import torch

from timing import ALONE, CURVED, DESCENT, LARGE, MODELS, RATE, derivative, descent, step

LIBRARY = f"PyTorch {torch.__version__}"


def perceptron(sizes, batch, activation):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(a, b), activation()]
    torch.manual_seed(1)
    model = torch.nn.Sequential(*layers[:-1])
    return model, torch.randn(batch, sizes[0]), torch.arange(batch) % sizes[-1]


def steps(figures, threads):
    for sizes, batch in MODELS:
        for how in ("eager", "fused", "compiled"):
            model, x, labels = perceptron(sizes, batch, torch.nn.ReLU)
            optimizer = torch.optim.Adam(model.parameters(), lr=RATE, **({} if how == "eager" else {"fused": True}))
            cross_entropy = torch.nn.functional.cross_entropy
            loss = lambda x, labels: cross_entropy(model(x), labels)
            if how == "compiled":
                torch._dynamo.reset()
                loss = torch.compile(loss)

            def run(n):
                for _ in range(n):
                    optimizer.zero_grad()
                    loss(x, labels).backward()
                    optimizer.step()

            figures.time(step(sizes, batch), LIBRARY, f"{how}, {threads}", run)


def alone(figures, threads):
    parameter = torch.nn.Parameter(torch.full((LARGE,), 0.5))
    parameter.grad = torch.full((LARGE,), 0.01)
    optimizer = torch.optim.Adam([parameter], fused=True)
    figures.time(ALONE, LIBRARY, f"fused, {threads}", lambda n: [optimizer.step() for _ in range(n)])


def derivatives(figures, threads):
    model, x, labels = perceptron(*CURVED, torch.nn.Tanh)
    parameters = {name: p.detach() for name, p in model.named_parameters()}

    def loss(parameters):
        logits = torch.func.functional_call(model, parameters, (x,))
        return torch.nn.functional.cross_entropy(logits, labels)

    gradient = torch.func.grad(loss)
    direction = gradient(parameters)
    product = lambda: torch.func.jvp(gradient, (parameters,), (direction,))
    for which, run in (("gradient", lambda: gradient(parameters)), ("hvp", product)):
        figures.time(derivative(which), LIBRARY, f"torch.func, {threads}", lambda n, run=run: [run() for _ in range(n)])


def descents(figures, threads):
    runs, _ = DESCENT[0]
    x = torch.tensor([-1.2, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([x], lr=1e-3)

    def run(n):
        for _ in range(n):
            optimizer.zero_grad()
            (100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2).backward()
            optimizer.step()

    figures.time(descent(runs), LIBRARY, f"eager, f64, {threads}", run)


def measure(figures):
    for count in sorted({1, os.cpu_count()}):
        torch.set_num_threads(count)
        threads = f"{count} thread{'s' if count > 1 else ''}"
        for task in (steps, alone, derivatives, descents):
            try:
                task(figures, threads)
            except Exception as error:
                # `torch.compile` needs a C++ compiler; one that is missing leaves the other tasks.
                print(f"{LIBRARY}, {threads}, {task.__name__}: {type(error).__name__}: {str(error).splitlines()[0]}")
