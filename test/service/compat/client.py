"""Drives a service through open-guard's own client, and prints what it got as JSON."""

import asyncio
import json
import sys

from open_guard.client import ApiKey, AsyncOpenGuardClient, BearerToken, OpenGuardClient
from open_guard.client.exceptions import OpenGuardError
from open_guard.domain.entities import Action, Resource, Subject

base, tenant, key = sys.argv[1:4]
out = {}


def refused(call, *args, **kwargs):
    try:
        return {"got": call(*args, **kwargs)}
    except OpenGuardError as error:
        return {"error": type(error).__name__, "code": error.code, "status": error.status_code}


ann = {"id": "ann", "attributes": {"roles": ["editor"]}}
doc = {"id": "d1", "resource_type": "document"}

with OpenGuardClient(base, auth=ApiKey(key)) as client:
    admin, decisions = client.admin, client.decisions
    out["health"] = admin.health()
    out["empty"] = decisions.authorize(subject=ann, action="read", resource=doc)

    policy = admin.policies.create(
        tenant_id=tenant, evaluator_type="rbac", subject_match={"roles": ["editor"]}, action_match=["read", "write"]
    )
    out["policy"] = {name: value for name, value in policy.items() if name != "id"}
    out["listed"] = len(admin.policies.list(tenant_id=tenant))
    out["of_type"] = len(admin.policies.list(tenant_id=tenant, evaluator_type="abac"))
    out["same"] = admin.policies.get(policy["id"], tenant_id=tenant) == policy
    out["allowed"] = decisions.authorize(subject=ann, action="read", resource=doc)
    out["as_models"] = decisions.authorize(
        subject=Subject(
            id="bot", actor_type="agent", attributes={"roles": ["editor"]}, on_behalf_of=Subject(id="ann")
        ),
        action=Action(name="write"),
        resource=Resource(id="d1", resource_type="document", attributes={"owner": "ann"}),
        context={"ip": "10.0.0.1"},
    )
    out["other_action"] = decisions.authorize(subject=ann, action="delete", resource=doc)
    traced = decisions.authorize_traced(subject=ann, action="read", resource=doc)
    trace = traced["trace"]
    out["trace"] = {
        "status": traced["status"],
        "schema_version": trace["schema_version"],
        "decision_status": trace["decision_status"],
        "evaluators": [one["evaluator"] for one in trace["evaluator_results"]],
        "matched": [m["policy_id"] == policy["id"] for m in trace["evaluator_results"][0]["matched_policies"]],
        "chain": trace["actor_chain"],
    }

    role = admin.roles.assign(tenant_id=tenant, subject_id="joe", role="reviewer", actions=["review"])
    out["role"] = {name: value for name, value in role.items() if name != "id"}
    joe = {"id": "joe", "attributes": {"roles": ["reviewer"]}}
    out["role_used"] = decisions.authorize(subject=joe, action="review", resource=doc)["allowed"]
    admin.policies.delete(role["id"], tenant_id=tenant)
    out["role_gone"] = decisions.authorize(subject=joe, action="review", resource=doc)["allowed"]

    viewer = {"relation": "viewer", "object_type": "document", "object_id": "d1"}
    tuple_ = admin.relationships.add(tenant_id=tenant, subject_id="zoe", **viewer)
    admin.policies.create(
        tenant_id=tenant, evaluator_type="rebac", action_match="view",
        conditions={"permission": "viewer", "object_type": "document"},
    )
    zoe = {"id": "zoe"}
    out["tuple"] = {name: value for name, value in tuple_.items() if name != "id"}
    out["related"] = decisions.authorize(subject=zoe, action="view", resource=doc)
    out["check"] = [
        admin.relationships.check(tenant_id=tenant, subject_id=who, **viewer) for who in ("zoe", "nobody")
    ]
    out["tuples"] = len(admin.relationships.list(tenant_id=tenant, object_type="document", subject_id="zoe"))
    out["list"] = decisions.list_authorized(subject=zoe, action="view", resource_type="document")
    admin.relationships.delete(tuple_["id"], tenant_id=tenant)
    out["unrelated"] = decisions.authorize(subject=zoe, action="view", resource=doc)["allowed"]

    admin.policies.create(
        tenant_id=tenant, evaluator_type="abac", action_match="book",
        conditions={"subject.actor_type": {"op": "eq", "value": "user"}},
    )
    delegation = admin.delegations.create(
        tenant_id=tenant, from_subject_id="ann", to_subject_id="bot", to_subject_type="agent", max_uses=2,
        scopes=[{"action_match": "book", "resource_type": "trip"}],
    )
    out["delegation"] = {n: v for n, v in delegation.items() if n not in ("id", "created_at")}
    bot = {"id": "bot", "actor_type": "agent"}
    trip = {"id": "t1", "resource_type": "trip"}
    consumed = [decisions.authorize_and_consume(subject=bot, action="book", resource=trip) for _ in range(3)]
    out["consumed"] = [
        [one["status"], one["consumed_delegation_ids"] == [delegation["id"]]] for one in consumed
    ]
    second = admin.delegations.create(
        tenant_id=tenant, from_subject_id="ann", to_subject_id="bot", to_subject_type="agent",
        scopes=[{"action_match": "book", "resource_type": "trip", "resource_match": {"id": {"op": "in", "value": ["t2"]}}}],
    )
    out["delegations"] = [one["id"] == second["id"] for one in admin.delegations.list(tenant_id=tenant, subject_id="bot")]
    admin.delegations.revoke(second["id"], tenant_id=tenant)
    out["revoked"] = decisions.authorize(
        subject=bot, action="book", resource={"id": "t2", "resource_type": "trip"}
    )["status"]

    both = {"id": "ann", "attributes": {"roles": ["editor", "boss"]}}
    session = admin.sessions.create(tenant_id=tenant, subject_id="ann", activated_roles=["editor"])
    out["session"] = {n: session[n] for n in ("tenant_id", "subject_id", "activated_roles", "status", "deactivated_at")}
    ask = {"subject": both, "action": "read", "resource": doc, "session_id": session["id"]}
    out["in_session"] = decisions.authorize(**ask)["status"]
    out["sessions"] = len(admin.sessions.list(tenant_id=tenant, subject_id="ann"))
    admin.sessions.deactivate(session["id"], tenant_id=tenant)
    out["after_session"] = decisions.authorize(**ask)["status"]

    out["errors"] = {
        "no policy": refused(admin.policies.get, "none", tenant_id=tenant),
        "delete none": refused(admin.policies.delete, "none", tenant_id=tenant),
        "no relationship": refused(admin.relationships.delete, "none", tenant_id=tenant),
        "no delegation": refused(admin.delegations.revoke, "none", tenant_id=tenant),
        "no session": refused(admin.sessions.deactivate, "none", tenant_id=tenant),
        "other tenant": refused(admin.policies.list, tenant_id="other"),
        "other tenant, written": refused(admin.policies.create, tenant_id="other", evaluator_type="rbac"),
        "no subject": refused(decisions.authorize, subject={}, action="read", resource=doc),
        "actor type": refused(decisions.authorize, subject={"id": "a", "actor_type": "ghost"}, action="r", resource=doc),
        "regex": refused(
            admin.policies.create, tenant_id=tenant, evaluator_type="abac",
            conditions={"subject.id": {"op": "regex", "value": "(?=x)"}},
        ),
        "prefilter": refused(
            decisions.list_authorized, subject=zoe, action="view", resource_type="document", prefilter={"a": 1}
        ),
        "condition": refused(
            admin.delegations.create, tenant_id=tenant, from_subject_id="ann", to_subject_id="bot",
            scopes=[{"action_match": "book", "resource_type": "trip", "conditions": {"context.x": 1}}],
        ),
    }

with OpenGuardClient(base, auth=BearerToken(key)) as client:
    out["bearer"] = client.decisions.authorize(subject=ann, action="read", resource=doc)["allowed"]
with OpenGuardClient(base, auth=ApiKey("wrong")) as client:
    out["stranger"] = refused(client.decisions.authorize, subject=ann, action="read", resource=doc)


async def asynchronous():
    async with AsyncOpenGuardClient(base, auth=ApiKey(key)) as client:
        return (await client.decisions.authorize(subject=ann, action="read", resource=doc))["allowed"]


out["async"] = asyncio.run(asynchronous())
print(json.dumps(out))
