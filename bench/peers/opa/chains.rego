# Written by policies.ts from ../../workloads/chains.ts.
package bench

rules := {
	"approve:invoice": [
		{
			"id": "rule-0",
			"action": "approve:invoice",
			"department": "sales",
			"depth": 2,
			"trust": 388,
			"amount": 1000
		},
		{
			"id": "rule-8",
			"action": "approve:invoice",
			"department": "support",
			"depth": 2,
			"trust": 346,
			"amount": 1000
		},
		{
			"id": "rule-16",
			"action": "approve:invoice",
			"department": "research",
			"depth": 2,
			"trust": 416,
			"amount": 5000
		}
	],
	"approve:record": [
		{
			"id": "rule-1",
			"action": "approve:record",
			"department": "support",
			"depth": 3,
			"trust": 358,
			"amount": 9000
		},
		{
			"id": "rule-9",
			"action": "approve:record",
			"department": "research",
			"depth": 3,
			"trust": 318,
			"amount": 7000
		},
		{
			"id": "rule-17",
			"action": "approve:record",
			"department": "engineering",
			"depth": 3,
			"trust": 431,
			"amount": 9000
		}
	],
	"approve:contract": [
		{
			"id": "rule-2",
			"action": "approve:contract",
			"department": "research",
			"depth": 2,
			"trust": 490,
			"amount": 3000
		},
		{
			"id": "rule-10",
			"action": "approve:contract",
			"department": "engineering",
			"depth": 2,
			"trust": 285,
			"amount": 2000
		},
		{
			"id": "rule-18",
			"action": "approve:contract",
			"department": "legal",
			"depth": 2,
			"trust": 271,
			"amount": 7000
		}
	],
	"approve:ticket": [
		{
			"id": "rule-3",
			"action": "approve:ticket",
			"department": "engineering",
			"depth": 3,
			"trust": 383,
			"amount": 7000
		},
		{
			"id": "rule-11",
			"action": "approve:ticket",
			"department": "legal",
			"depth": 3,
			"trust": 212,
			"amount": 4000
		},
		{
			"id": "rule-19",
			"action": "approve:ticket",
			"department": "finance",
			"depth": 3,
			"trust": 245,
			"amount": 3000
		}
	],
	"approve:report": [
		{
			"id": "rule-4",
			"action": "approve:report",
			"department": "legal",
			"depth": 2,
			"trust": 327,
			"amount": 9000
		},
		{
			"id": "rule-12",
			"action": "approve:report",
			"department": "finance",
			"depth": 2,
			"trust": 377,
			"amount": 8000
		},
		{
			"id": "rule-20",
			"action": "approve:report",
			"department": "sales",
			"depth": 2,
			"trust": 323,
			"amount": 3000
		}
	],
	"approve:dataset": [
		{
			"id": "rule-5",
			"action": "approve:dataset",
			"department": "finance",
			"depth": 3,
			"trust": 336,
			"amount": 5000
		},
		{
			"id": "rule-13",
			"action": "approve:dataset",
			"department": "sales",
			"depth": 3,
			"trust": 288,
			"amount": 2000
		},
		{
			"id": "rule-21",
			"action": "approve:dataset",
			"department": "support",
			"depth": 3,
			"trust": 245,
			"amount": 7000
		}
	],
	"approve:message": [
		{
			"id": "rule-6",
			"action": "approve:message",
			"department": "sales",
			"depth": 2,
			"trust": 241,
			"amount": 4000
		},
		{
			"id": "rule-14",
			"action": "approve:message",
			"department": "support",
			"depth": 2,
			"trust": 397,
			"amount": 5000
		},
		{
			"id": "rule-22",
			"action": "approve:message",
			"department": "research",
			"depth": 2,
			"trust": 372,
			"amount": 2000
		}
	],
	"approve:deployment": [
		{
			"id": "rule-7",
			"action": "approve:deployment",
			"department": "support",
			"depth": 3,
			"trust": 274,
			"amount": 2000
		},
		{
			"id": "rule-15",
			"action": "approve:deployment",
			"department": "research",
			"depth": 3,
			"trust": 427,
			"amount": 2000
		},
		{
			"id": "rule-23",
			"action": "approve:deployment",
			"department": "engineering",
			"depth": 3,
			"trust": 279,
			"amount": 1000
		}
	]
}

default allow := false

allow if {
	input.subject.type == "agent"
	some rule in rules[input.action.name]
	input.context.amount <= rule.amount
	count(chain) <= rule.depth + 1
	root := chain[count(chain) - 1]
	root.type == "user"
	root.properties.department == rule.department
	every actor in chain {
		actor.properties.trust_score >= rule.trust
	}
}

# Rego has no recursion; chains of up to four actors are spelt out.
chain := [input.subject] if not input.subject.on_behalf_of

chain := [input.subject, input.subject.on_behalf_of] if {
	input.subject.on_behalf_of
	not input.subject.on_behalf_of.on_behalf_of
}

chain := [input.subject, second, third] if {
	second := input.subject.on_behalf_of
	third := second.on_behalf_of
	not third.on_behalf_of
}

chain := [input.subject, second, third, fourth] if {
	second := input.subject.on_behalf_of
	third := second.on_behalf_of
	fourth := third.on_behalf_of
	not fourth.on_behalf_of
}
