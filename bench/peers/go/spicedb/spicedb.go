package main

import (
	"context"
	"strings"

	v1 "github.com/authzed/authzed-go/proto/authzed/api/v1"
	"github.com/authzed/spicedb/pkg/cmd/server"
	"github.com/authzed/spicedb/pkg/cmd/util"
	"github.com/authzed/spicedb/pkg/datastore"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"sallyport.bench/harness"
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

type spiceDB struct {
	permissions v1.PermissionsServiceClient
	at          *v1.Consistency
}

// Embedded without these, SpiceDB keeps neither schema nor answers. As `spicedb serve` has them, with room for more answers.
var (
	schemaCache = server.CacheConfig{Name: "namespace", Enabled: true, NumCounters: 1_000, MaxCost: "32MiB"}
	answerCache = server.CacheConfig{Name: "dispatch", Enabled: true, NumCounters: 1_000_000, MaxCost: "30%"}
)

// The whole server, reached over memory, as its documentation shows for embedding.
func newSpiceDB(ctx context.Context, store datastore.Datastore, tuples harness.Batches) (harness.Engine, error) {
	// The server outlives the loading.
	life := context.WithoutCancel(ctx)
	config := server.NewConfigWithOptionsAndDefaults(
		server.WithDatastore(store),
		server.WithGRPCServer(util.GRPCServerConfig{Network: util.BufferedNetwork, Enabled: true, BufferSize: 1 << 20}),
		server.WithGRPCAuthFunc(func(ctx context.Context) (context.Context, error) { return ctx, nil }),
		server.WithHTTPGateway(util.HTTPServerConfig{HTTPEnabled: false}),
		server.WithMetricsAPI(util.HTTPServerConfig{HTTPEnabled: false}),
		server.WithDispatchServer(util.GRPCServerConfig{Enabled: false}),
		server.WithSilentlyDisableTelemetry(true),
		server.WithNamespaceCacheConfig(schemaCache),
		server.WithDispatchCacheConfig(answerCache),
	)
	running, err := config.Complete(life)
	if err != nil {
		return nil, err
	}
	go func() { _ = running.Run(life) }()
	connection, err := running.GRPCDialContext(life, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	schema := v1.NewSchemaServiceClient(connection)
	if _, err := schema.WriteSchema(ctx, &v1.WriteSchemaRequest{Schema: spiceDBSchema}); err != nil {
		return nil, err
	}
	made := &spiceDB{permissions: v1.NewPermissionsServiceClient(connection)}
	if err := made.write(ctx, tuples); err != nil {
		return nil, err
	}
	made.at, err = snapshot(ctx, schema)
	return made, err
}

func (s *spiceDB) write(ctx context.Context, tuples harness.Batches) error {
	stream, err := s.permissions.ImportBulkRelationships(ctx)
	if err != nil {
		return err
	}
	for batch, err := range tuples {
		if err != nil {
			return err
		}
		relationships := make([]*v1.Relationship, len(batch))
		for i, t := range batch {
			relation := t.Relation
			if relation == "viewer" {
				relation = "direct_viewer"
			}
			relationships[i] = &v1.Relationship{Resource: reference(t.Object), Relation: relation, Subject: subject(t.Subject)}
		}
		if err := stream.Send(&v1.ImportBulkRelationshipsRequest{Relationships: relationships}); err != nil {
			return err
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}

// snapshot is the revision that has all tuples. All checks ask at this one: by default the revision is another one every five
// seconds, and what was kept of the last one is of no use any more.
func snapshot(ctx context.Context, schema v1.SchemaServiceClient) (*v1.Consistency, error) {
	read, err := schema.ReadSchema(ctx, &v1.ReadSchemaRequest{})
	if err != nil {
		return nil, err
	}
	return &v1.Consistency{Requirement: &v1.Consistency_AtExactSnapshot{AtExactSnapshot: read.GetReadAt()}}, nil
}

func (s *spiceDB) Check(ctx context.Context, t harness.Tuple) (bool, error) {
	response, err := s.permissions.CheckPermission(ctx, &v1.CheckPermissionRequest{
		Consistency: s.at,
		Resource:    reference(t.Object),
		Permission:  t.Relation,
		Subject:     subject(t.Subject),
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
