"""
The rules of the workload agt in an engine in Python: reads a job as JSON from standard input, and prints as JSON what one
decision takes. Started by bench/python/run.ts, which says what a job is.
"""

import json
import sys
import time
from importlib.metadata import PackageNotFoundError, version


def agent_os_kernel(rules):
    """PolicyEvaluator over one document, which it looks at rule by rule."""
    from agent_os.policies.evaluator import PolicyEvaluator
    from agent_os.policies.schema import PolicyDocument

    document = {
        "name": "bench",
        "defaults": {"action": "deny"},
        "rules": [
            {
                "name": rule["id"],
                "condition": {"field": "action", "operator": "eq", "value": rule["action"]},
                "action": "deny" if rule["deny"] else "allow",
            }
            for rule in rules
        ],
    }
    evaluator = PolicyEvaluator([PolicyDocument.model_validate(document)])

    def ask(request):
        context = {"agent_id": request["agent"], "action": request["action"], "resource": "bench"}
        return lambda: evaluator.evaluate(context).allowed

    return ask


def open_guard(rules):
    """Guard.authorize over its store in memory, with policies of its attribute model."""
    from open_guard import Action, ActorType, Policy, PolicyEffect, Resource, Subject, build_guard

    guard = build_guard()
    for rule in rules:
        effect = PolicyEffect.DENY if rule["deny"] else PolicyEffect.ALLOW
        policy = Policy(
            id=rule["id"], tenant_id="bench", evaluator_type="abac", action_match=rule["action"], effect=effect
        )
        guard.policy_store.add(policy)
    resource = Resource(id="bench", resource_type="tool")

    def ask(request):
        subject = Subject(id=request["agent"], actor_type=ActorType.AGENT)
        action = Action(name=request["action"])
        return lambda: guard.authorize(subject, action, resource, tenant_id="bench").allowed

    return ask


ENGINES = {
    "agent-os-kernel": ("agent-os-kernel", agent_os_kernel),
    "open-guard": ("open-guard-python", open_guard),
}


def main():
    job = json.load(sys.stdin)
    package, make = ENGINES[job["engine"]]
    python = ".".join(map(str, sys.version_info[:3]))
    try:
        found = version(package)
        ask = make(job["rules"])
    except (ImportError, PackageNotFoundError) as problem:
        packages = "agent-os-kernel pyyaml open-guard-python"
        return {"leftOut": f"Python {python}: {problem}; needs Python 3.12 and pip install {packages}"}
    asks = [ask(request) for request in job["requests"]]
    for request, decide, expected in zip(job["requests"], asks, job["expected"], strict=True):
        if decide() is not expected:
            raise SystemExit(f"{job['engine']} decides otherwise than we do: {json.dumps(request)} {expected}")
    return {"version": found, "python": python, "compared": len(asks), **measure(asks, job["budgetMs"])}


def measure(asks, budget_ms):
    """Passes over all requests: their mean by the processor's time, and single calls by the clock."""
    means = []
    end = time.monotonic() + budget_ms / 2000
    while not means or time.monotonic() < end:
        start = time.thread_time_ns()
        for decide in asks:
            decide()
        means.append((time.thread_time_ns() - start) / len(asks))
    times = []
    end = time.monotonic() + budget_ms / 2000
    while not times or time.monotonic() < end:
        for decide in asks:
            start = time.perf_counter_ns()
            decide()
            times.append(time.perf_counter_ns() - start)
    times.sort()
    shares = {str(share): times[min(len(times) - 1, len(times) * share // 100)] for share in (50, 99)}
    means.sort()
    return {"meanNs": means[len(means) // 2], "percentilesNs": shares, "samples": len(times)}


json.dump(main(), sys.stdout)
