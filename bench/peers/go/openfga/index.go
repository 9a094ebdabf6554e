package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/openfga/pkg/storage"
	tuples "github.com/openfga/openfga/pkg/tuple"
)

var errNotIndexed = errors.New("the index of the benchmark answers no such question")

// key is an object, a relation and a user, as far as an index goes by them.
type key struct{ object, relation, user string }

// indexedTuples keep one store's tuples in maps and leave everything else (stores, models) to what they wrap: OpenFGA without
// the scans of its memory store, and without SQL. They know what writes and checks need, of tuples without conditions, and
// refuse the rest.
type indexedTuples struct {
	storage.OpenFGADatastore
	mutex sync.RWMutex
	exact map[key]*openfgav1.Tuple
	// By object and relation; by relation and user.
	of, usersets, from map[key][]*openfgav1.Tuple
}

func newIndexedTuples(wrapped storage.OpenFGADatastore) *indexedTuples {
	made := func() map[key][]*openfgav1.Tuple { return map[key][]*openfgav1.Tuple{} }
	return &indexedTuples{OpenFGADatastore: wrapped, exact: map[key]*openfgav1.Tuple{}, of: made(), usersets: made(), from: made()}
}

func (s *indexedTuples) Write(_ context.Context, _ string, deletes storage.Deletes, writes storage.Writes, _ ...storage.TupleWriteOption) error {
	if len(deletes) > 0 {
		return errNotIndexed
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, asked := range writes {
		exact := key{asked.GetObject(), asked.GetRelation(), asked.GetUser()}
		if s.exact[exact] != nil {
			return storage.InvalidWriteInputError(asked, openfgav1.TupleOperation_TUPLE_OPERATION_WRITE)
		}
		if asked.GetCondition() != nil {
			return errNotIndexed
		}
		written := &openfgav1.Tuple{Key: asked}
		s.exact[exact] = written
		add(s.of, key{exact.object, exact.relation, ""}, written)
		add(s.from, key{tuples.GetType(exact.object), exact.relation, exact.user}, written)
		if tuples.GetUserTypeFromUser(exact.user) == tuples.UserSet {
			add(s.usersets, key{exact.object, exact.relation, ""}, written)
		}
	}
	return nil
}

func add(index map[key][]*openfgav1.Tuple, by key, written *openfgav1.Tuple) {
	index[by] = append(index[by], written)
}

func (s *indexedTuples) ReadUserTuple(_ context.Context, _ string, filter storage.ReadUserTupleFilter, _ storage.ReadUserTupleOptions) (*openfgav1.Tuple, error) {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	found := s.exact[key{filter.Object, filter.Relation, filter.User}]
	if found == nil || !unconditional(filter.Conditions) {
		return nil, storage.ErrNotFound
	}
	return found, nil
}

func (s *indexedTuples) Read(_ context.Context, _ string, filter storage.ReadFilter, _ storage.ReadOptions) (storage.TupleIterator, error) {
	_, id := tuples.SplitObject(filter.Object)
	if id == "" || filter.Relation == "" || filter.User != "" {
		return nil, errNotIndexed
	}
	return storage.NewStaticTupleIterator(s.list(s.of, key{filter.Object, filter.Relation, ""}, filter.Conditions)), nil
}

func (s *indexedTuples) ReadUsersetTuples(_ context.Context, _ string, filter storage.ReadUsersetTuplesFilter, _ storage.ReadUsersetTuplesOptions) (storage.TupleIterator, error) {
	found := s.list(s.usersets, key{filter.Object, filter.Relation, ""}, filter.Conditions)
	if len(filter.AllowedUserTypeRestrictions) == 0 {
		return storage.NewStaticTupleIterator(found), nil
	}
	allowed := make([]*openfgav1.Tuple, 0, len(found))
	for _, one := range found {
		object, relation := tuples.SplitObjectRelation(one.GetKey().GetUser())
		if slices.ContainsFunc(filter.AllowedUserTypeRestrictions, func(r *openfgav1.RelationReference) bool {
			return r.GetType() == tuples.GetType(object) && r.GetRelation() == relation
		}) {
			allowed = append(allowed, one)
		}
	}
	return storage.NewStaticTupleIterator(allowed), nil
}

func (s *indexedTuples) ReadStartingWithUser(_ context.Context, _ string, filter storage.ReadStartingWithUserFilter, _ storage.ReadStartingWithUserOptions) (storage.TupleIterator, error) {
	var found []*openfgav1.Tuple
	for _, user := range filter.UserFilter {
		subject := user.GetObject()
		if user.GetRelation() != "" {
			subject = tuples.GetObjectRelationAsString(user)
		}
		for _, one := range s.list(s.from, key{filter.ObjectType, filter.Relation, subject}, filter.Conditions) {
			_, id := tuples.SplitObject(one.GetKey().GetObject())
			if filter.ObjectIDs == nil || filter.ObjectIDs.Exists(id) {
				found = append(found, one)
			}
		}
	}
	slices.SortFunc(found, func(a, b *openfgav1.Tuple) int {
		return strings.Compare(a.GetKey().GetObject(), b.GetKey().GetObject())
	})
	return storage.NewStaticTupleIterator(found), nil
}

func (s *indexedTuples) ReadPage(context.Context, string, storage.ReadFilter, storage.ReadPageOptions) ([]*openfgav1.Tuple, string, error) {
	return nil, "", errNotIndexed
}

func (s *indexedTuples) list(index map[key][]*openfgav1.Tuple, by key, conditions []string) []*openfgav1.Tuple {
	if !unconditional(conditions) {
		return nil
	}
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	return index[by]
}

// unconditional tells whether these conditions, of which a tuple is to have one, admit tuples without any.
func unconditional(conditions []string) bool {
	return len(conditions) == 0 || slices.Contains(conditions, "")
}
