# Rules as data, indexed by action, type and role; see ../opa.ts, which makes the data and the input.
package bench

default allow := false

allow if {
	not denied
	some role in input.roles
	some rule in data.allow[input.action][input.type][role]
	every test in rule {
		holds(test)
	}
}

denied if {
	some role in input.roles
	some rule in data.deny[input.action][input.type][role]
	every test in rule {
		not fails(test)
	}
}

# A list of candidates for one subject and action: which of them are allowed.
decisions := [decision |
	some item in input.items
	decision := allow with input as item
]

holds(test) if {
	test[0] == "eq"
	input.attributes[test[1]] == test[2]
}

holds(test) if {
	test[0] == "in"
	input.attributes[test[1]] in test[2]
}

holds(test) if {
	test[0] == "gt"
	input.attributes[test[1]] > test[2]
}

holds(test) if {
	test[0] == "lt"
	input.attributes[test[1]] < test[2]
}

holds(test) if {
	test[0] == "lte"
	input.attributes[test[1]] <= test[2]
}

holds(test) if {
	test[0] == "eq_ref"
	input.attributes[test[1]] == input.attributes[test[2]]
}

holds(test) if {
	test[0] == "gte_ref"
	input.attributes[test[1]] >= input.attributes[test[2]]
}

# Not the same as `not holds`: what is missing neither holds nor fails.
fails(test) if {
	present(test)
	not holds(test)
}

present(test) if {
	not endswith(test[0], "_ref")
	_ = input.attributes[test[1]]
}

present(test) if {
	endswith(test[0], "_ref")
	_ = input.attributes[test[1]]
	_ = input.attributes[test[2]]
}
