# Written by policies.ts from ../../workloads/tool-calls.ts.

package bench

default allow := false

allow if {
	permitted
	not denied
}

permitted if {
	input.action.name == "fs:read"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 200
	startswith(input.context.call.path, "/workspace/")
}

permitted if {
	input.action.name == "fs:list"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 100
}

permitted if {
	input.action.name == "fs:write"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 500
	startswith(input.context.call.path, "/workspace/")
	contains(input.context.call.path, "/out/")
	input.context.call.size <= 1000000
}

denied if {
	startswith(input.action.name, "fs:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	contains(input.context.call.path, "/.ssh/")
}

denied if {
	startswith(input.action.name, "fs:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	endswith(input.context.call.path, ".pem")
}

denied if {
	input.action.name == "fs:delete"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.context.session.human_present == false
}

permitted if {
	input.action.name == "fs:delete"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 800
	startswith(input.context.call.path, "/workspace/tmp/")
}

permitted if {
	input.action.name == "http:get"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 300
	endswith(input.context.call.host, ".example.com")
}

permitted if {
	input.action.name == "http:get"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 600
	input.resource.properties.risk <= 3
}

permitted if {
	input.action.name == "http:post"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 700
	input.context.call.host in {"api.example.com", "hooks.example.com"}
	input.context.call.size < 65536
}

denied if {
	startswith(input.action.name, "http:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	startswith(input.context.call.host, "169.254.")
}

denied if {
	startswith(input.action.name, "http:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.context.call.host in {"localhost", "127.0.0.1", "metadata.google.internal"}
}

permitted if {
	input.action.name == "db:query"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 400
	input.context.call.environment in {"test", "staging"}
}

permitted if {
	input.action.name == "db:query"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 750
	input.context.call.environment == "production"
	input.context.call.rows <= 1000
}

permitted if {
	input.action.name == "db:execute"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 900
	input.context.call.environment == "test"
}

denied if {
	startswith(input.action.name, "db:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.tier == "sandbox"
	input.context.call.environment == "production"
}

denied if {
	input.action.name == "db:execute"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.context.call.environment == "production"
	input.context.session.human_present == false
}

permitted if {
	input.action.name == "mail:send"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 600
	input.context.call.recipients <= 5
}

denied if {
	input.action.name == "mail:send"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.context.call.recipients > 50
}

denied if {
	startswith(input.action.name, "mail:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.context.session.labels_read == "confidential"
	input.context.call.external == true
}

permitted if {
	input.action.name == "pay:quote"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 300
}

permitted if {
	input.action.name == "pay:transfer"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 850
	input.context.call.amount <= 500
	input.context.call.currency in {"EUR", "USD"}
}

denied if {
	input.action.name == "pay:transfer"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.context.session.spent > input.subject.properties.budget
}

denied if {
	startswith(input.action.name, "pay:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.tier == "sandbox"
}

permitted if {
	startswith(input.action.name, "git:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 500
	startswith(input.context.call.repository, "acme/")
}

denied if {
	input.action.name == "git:push"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.context.call.branch in {"main", "release"}
}

permitted if {
	input.action.name == "shell:run"
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 950
	input.context.session.human_present == true
}

denied if {
	startswith(input.action.name, "shell:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.context.session.depth > 2
}

permitted if {
	startswith(input.action.name, "calendar:")
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.subject.properties.trust_score >= 250
}

denied if {
	input.resource.type == "tool"
	input.subject.type == "agent"
	input.context.session.calls > 500
}
