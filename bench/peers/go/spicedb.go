package main

import (
	"context"
	"strings"
	"time"

	v1 "github.com/authzed/authzed-go/proto/authzed/api/v1"
	"github.com/authzed/spicedb/pkg/cmd/datastore"
	"github.com/authzed/spicedb/pkg/cmd/server"
	"github.com/authzed/spicedb/pkg/cmd/util"
	"github.com/rs/zerolog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const spiceDBSchema = `
definition user {}

definition group {
	relation member: user | group#member
}

definition folder {
	relation parent: folder
	relation direct_viewer: user | group#member
	permission viewer = direct_viewer + parent->viewer
}

definition document {
	relation parent: folder
	relation owner: user
	relation direct_viewer: user | group#member
	permission viewer = direct_viewer + owner + parent->viewer
}`

type spiceDB struct{ permissions v1.PermissionsServiceClient }

// The whole server, reached over memory, as its documentation shows for embedding; its defaults, caches included.
func openSpiceDB(ctx context.Context, tuples []tuple) (engine, error) {
	zerolog.SetGlobalLevel(zerolog.Disabled)
	store, err := datastore.NewDatastore(ctx,
		datastore.WithEngine(datastore.MemoryEngine),
		datastore.WithRequestHedgingEnabled(false),
	)
	if err != nil {
		return nil, err
	}
	config := server.NewConfigWithOptionsAndDefaults(
		server.WithDatastore(store),
		server.WithGRPCServer(util.GRPCServerConfig{Network: util.BufferedNetwork, Enabled: true, BufferSize: 1 << 20}),
		server.WithGRPCAuthFunc(func(ctx context.Context) (context.Context, error) { return ctx, nil }),
		server.WithHTTPGateway(util.HTTPServerConfig{HTTPEnabled: false}),
		server.WithMetricsAPI(util.HTTPServerConfig{HTTPEnabled: false}),
		server.WithDispatchServer(util.GRPCServerConfig{Enabled: false}),
		server.WithSilentlyDisableTelemetry(true),
	)
	running, err := config.Complete(ctx)
	if err != nil {
		return nil, err
	}
	go func() { _ = running.Run(ctx) }()
	connection, err := running.GRPCDialContext(ctx, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	schema := v1.NewSchemaServiceClient(connection)
	if _, err := schema.WriteSchema(ctx, &v1.WriteSchemaRequest{Schema: spiceDBSchema}); err != nil {
		return nil, err
	}
	made := &spiceDB{v1.NewPermissionsServiceClient(connection)}
	if err := made.write(ctx, tuples); err != nil {
		return nil, err
	}
	// So that the revision that checks are answered from is one that has all tuples.
	time.Sleep(6 * time.Second)
	return made, nil
}

func (s *spiceDB) write(ctx context.Context, tuples []tuple) error {
	const perMessage = 1000
	stream, err := s.permissions.ImportBulkRelationships(ctx)
	if err != nil {
		return err
	}
	for from := 0; from < len(tuples); from += perMessage {
		batch := tuples[from:min(len(tuples), from+perMessage)]
		relationships := make([]*v1.Relationship, len(batch))
		for i, t := range batch {
			relation := t.relation
			if relation == "viewer" {
				relation = "direct_viewer"
			}
			relationships[i] = &v1.Relationship{Resource: reference(t.object), Relation: relation, Subject: subject(t.subject)}
		}
		if err := stream.Send(&v1.ImportBulkRelationshipsRequest{Relationships: relationships}); err != nil {
			return err
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}

func (s *spiceDB) check(ctx context.Context, t tuple) (bool, error) {
	response, err := s.permissions.CheckPermission(ctx, &v1.CheckPermissionRequest{
		Consistency: &v1.Consistency{Requirement: &v1.Consistency_MinimizeLatency{MinimizeLatency: true}},
		Resource:    reference(t.object),
		Permission:  t.relation,
		Subject:     subject(t.subject),
	})
	return response.GetPermissionship() == v1.CheckPermissionResponse_PERMISSIONSHIP_HAS_PERMISSION, err
}

func reference(text string) *v1.ObjectReference {
	kind, id, _ := strings.Cut(text, ":")
	return &v1.ObjectReference{ObjectType: kind, ObjectId: id}
}

func subject(text string) *v1.SubjectReference {
	object, relation, _ := strings.Cut(text, "#")
	return &v1.SubjectReference{Object: reference(object), OptionalRelation: relation}
}
