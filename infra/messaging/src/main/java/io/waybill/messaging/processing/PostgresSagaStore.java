package io.waybill.messaging.processing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Axon's saga store with indexed associations. Sagas are written at the end of their batch's transaction, all with a
 * few statements, and only by the owner of their segment, whose epoch that transaction checks; so they need no version
 * of their own, and those that were written last stay in memory until the owner claims a segment anew.
 */
final class PostgresSagaStore implements SagaStore<Object> {

    private static final String CHANGES = PostgresSagaStore.class.getName();

    /** @param stored null where the saga is over */
    record Change(String sagaId, @Nullable Stored stored, Set<Association> removed) {}

    record Stored(String sagaType, String payload, Set<Association> associations) {

        Stored {
            associations = Set.copyOf(associations);
        }
    }

    record Association(String sagaType, String key, String value) {}

    private record Tie(String sagaId, Association association) {}

    private final JdbcClient jdbc;
    private final ObjectMapper mapper;
    private final SagaMemory memory = new SagaMemory();

    PostgresSagaStore(JdbcClient jdbc, ObjectMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    /** Forgets what is in memory: another process may have been the owner of a segment meanwhile. */
    void forget() {
        memory.clear();
    }

    @Override
    public Set<String> findSagas(Class<?> sagaType, AssociationValue association) {
        Association wanted = new Association(sagaType.getSimpleName(), association.getKey(), association.getValue());
        return memory.find(wanted).orElseGet(() -> {
            long asked = memory.version();
            Set<String> found = new HashSet<>(jdbc.sql("""
                select saga_id from saga_association
                 where saga_type = ? and association_key = ? and association_value = ?\
                """)
                    .params(wanted.sagaType(), wanted.key(), wanted.value())
                    .query(String.class)
                    .list());
            memory.learn(wanted, found, asked);
            return found;
        });
    }

    @Override
    @SuppressWarnings("NullAway") // Axon's contract asks for null where there is no such saga.
    public <S> @Nullable Entry<S> loadSaga(Class<S> sagaType, String sagaId) {
        return memory.load(sagaId)
                .or(() -> select(sagaType, sagaId))
                .filter(stored -> stored.sagaType().equals(sagaType.getSimpleName()))
                .map(stored -> PostgresSagaStore.<S>entry(
                        read(stored.payload(), sagaType),
                        stored.associations().stream()
                                .map(one -> new AssociationValue(one.key(), one.value()))
                                .collect(Collectors.toCollection(HashSet::new))))
                .orElse(null);
    }

    private Optional<Stored> select(Class<?> sagaType, String sagaId) {
        String type = sagaType.getSimpleName();
        return jdbc.sql("""
            select payload,
                   array(select association_key from saga_association a where a.saga_id = saga.saga_id
                          order by association_key, association_value) as association_keys,
                   array(select association_value from saga_association a where a.saga_id = saga.saga_id
                          order by association_key, association_value) as association_values
              from saga where saga_id = ? and saga_type = ?\
            """)
                .params(sagaId, type)
                .query((row, nr) -> {
                    String[] keys = (String[]) row.getArray("association_keys").getArray();
                    String[] values =
                            (String[]) row.getArray("association_values").getArray();
                    Set<Association> associations = new HashSet<>();
                    for (int i = 0; i < keys.length; i++) {
                        associations.add(new Association(type, keys[i], values[i]));
                    }
                    return new Stored(type, row.getString("payload"), associations);
                })
                .optional();
    }

    @Override
    public void insertSaga(Class<?> sagaType, String sagaId, Object saga, Set<AssociationValue> associations) {
        change(new Change(sagaId, stored(sagaType, saga, associations), Set.of()));
    }

    @Override
    public void updateSaga(Class<?> sagaType, String sagaId, Object saga, AssociationValues associations) {
        change(new Change(
                sagaId,
                stored(sagaType, saga, associations.asSet()),
                associations(sagaType, associations.removedAssociations())));
    }

    @Override
    public void deleteSaga(Class<?> sagaType, String sagaId, Set<AssociationValue> associations) {
        change(new Change(sagaId, null, associations(sagaType, associations)));
    }

    private void change(Change change) {
        if (CurrentUnitOfWork.isStarted()) {
            UnitOfWork<?> root = CurrentUnitOfWork.get().root();
            root.getOrComputeResource(CHANGES, key -> {
                // Whether it was stored after all may be known to nobody.
                root.onRollback(failed -> memory.clear());
                return true;
            });
            root.afterCommit(committed -> memory.keep(change));
            WriteBehind.write(CHANGES, change, this::store);
        } else {
            store(List.of(change));
            memory.keep(change);
        }
    }

    /** Of several changes of one saga, the last counts. */
    private void store(List<Change> changes) {
        Map<String, Change> last = new LinkedHashMap<>();
        changes.forEach(change -> last.put(change.sagaId(), change));
        Map<String, Stored> present = new LinkedHashMap<>();
        List<String> gone = new ArrayList<>();
        last.forEach((id, change) -> {
            if (change.stored() == null) {
                gone.add(id);
            } else {
                present.put(id, change.stored());
            }
        });
        if (!present.isEmpty()) {
            put(present);
            associate(present);
        }
        List<Tie> untied = new ArrayList<>();
        for (Change change : changes) {
            Stored now = present.get(change.sagaId());
            if (now != null) {
                change.removed().stream()
                        .filter(one -> !now.associations().contains(one))
                        .forEach(one -> untied.add(new Tie(change.sagaId(), one)));
            }
        }
        if (!untied.isEmpty()) {
            untie(untied);
        }
        if (!gone.isEmpty()) {
            jdbc.sql("delete from saga where saga_id = any (:ids)")
                    .param("ids", gone.toArray(String[]::new))
                    .update();
        }
    }

    private void put(Map<String, Stored> sagas) {
        jdbc.sql("""
            insert into saga (saga_id, saga_type, payload)
            select * from unnest(:ids::text[], :types::text[], :payloads::text[])
            on conflict (saga_id) do update set payload = excluded.payload\
            """)
                .param("ids", sagas.keySet().toArray(String[]::new))
                .param("types", sagas.values().stream().map(Stored::sagaType).toArray(String[]::new))
                .param("payloads", sagas.values().stream().map(Stored::payload).toArray(String[]::new))
                .update();
    }

    /** Those that memory knows of are there already. */
    private void associate(Map<String, Stored> sagas) {
        List<Tie> added = new ArrayList<>();
        sagas.forEach((id, stored) -> {
            Set<Association> known = memory.load(id).map(Stored::associations).orElse(Set.of());
            stored.associations().stream()
                    .filter(one -> !known.contains(one))
                    .forEach(one -> added.add(new Tie(id, one)));
        });
        if (!added.isEmpty()) {
            ties("""
                insert into saga_association (saga_type, association_key, association_value, saga_id)
                select * from unnest(:types::text[], :keys::text[], :values::text[], :ids::text[])
                on conflict do nothing\
                """, added);
        }
    }

    private void untie(List<Tie> ties) {
        ties("""
            delete from saga_association a
             using unnest(:types::text[], :keys::text[], :values::text[], :ids::text[]) as tie (type, key, value, id)
             where a.saga_type = tie.type and a.association_key = tie.key and a.association_value = tie.value
               and a.saga_id = tie.id\
            """, ties);
    }

    private void ties(String sql, List<Tie> ties) {
        jdbc.sql(sql)
                .param(
                        "types",
                        ties.stream().map(tie -> tie.association().sagaType()).toArray(String[]::new))
                .param("keys", ties.stream().map(tie -> tie.association().key()).toArray(String[]::new))
                .param(
                        "values",
                        ties.stream().map(tie -> tie.association().value()).toArray(String[]::new))
                .param("ids", ties.stream().map(Tie::sagaId).toArray(String[]::new))
                .update();
    }

    private Stored stored(Class<?> sagaType, Object saga, Set<AssociationValue> associations) {
        return new Stored(sagaType.getSimpleName(), write(saga), associations(sagaType, associations));
    }

    private static Set<Association> associations(Class<?> sagaType, Set<AssociationValue> values) {
        return values.stream()
                .map(value -> new Association(sagaType.getSimpleName(), value.getKey(), value.getValue()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private String write(Object saga) {
        try {
            return mapper.writeValueAsString(saga);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(saga.getClass().getSimpleName() + " cannot be written as JSON", e);
        }
    }

    private <S> S read(String payload, Class<S> sagaType) {
        try {
            return mapper.readValue(payload, sagaType);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored " + sagaType.getSimpleName() + " cannot be read", e);
        }
    }

    private static <S> Entry<S> entry(S saga, Set<AssociationValue> associations) {
        return new Entry<>() {
            @Override
            public Set<AssociationValue> associationValues() {
                return associations;
            }

            @Override
            public S saga() {
                return saga;
            }
        };
    }
}
