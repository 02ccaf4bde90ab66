package io.waybill.messaging.processing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.Set;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Axon's saga store with indexed associations. A saga is written at the end of its batch's transaction and only by the
 * owner of its segment, whose epoch that transaction checks, so it needs no version of its own.
 */
final class PostgresSagaStore implements SagaStore<Object> {

    private final JdbcClient jdbc;
    private final ObjectMapper mapper;

    PostgresSagaStore(JdbcClient jdbc, ObjectMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    @Override
    public Set<String> findSagas(Class<?> sagaType, AssociationValue association) {
        return new HashSet<>(jdbc.sql("""
            select saga_id from saga_association
             where saga_type = ? and association_key = ? and association_value = ?\
            """)
                .params(sagaType.getSimpleName(), association.getKey(), association.getValue())
                .query(String.class)
                .list());
    }

    @Override
    @SuppressWarnings("NullAway") // Axon's contract asks for null where there is no such saga.
    public <S> @Nullable Entry<S> loadSaga(Class<S> sagaType, String sagaId) {
        return jdbc.sql("""
            select payload,
                   array(select association_key from saga_association a where a.saga_id = saga.saga_id
                          order by association_key, association_value) as association_keys,
                   array(select association_value from saga_association a where a.saga_id = saga.saga_id
                          order by association_key, association_value) as association_values
              from saga where saga_id = ? and saga_type = ?\
            """)
                .params(sagaId, sagaType.getSimpleName())
                .query((row, nr) -> {
                    String[] keys = (String[]) row.getArray("association_keys").getArray();
                    String[] values =
                            (String[]) row.getArray("association_values").getArray();
                    Set<AssociationValue> associations = new HashSet<>();
                    for (int i = 0; i < keys.length; i++) {
                        associations.add(new AssociationValue(keys[i], values[i]));
                    }
                    return entry(read(row.getString("payload"), sagaType), associations);
                })
                .optional()
                .orElse(null);
    }

    @Override
    public void insertSaga(Class<?> sagaType, String sagaId, Object saga, Set<AssociationValue> associations) {
        String payload = write(saga);
        Set<AssociationValue> added = Set.copyOf(associations);
        WriteBehind.write(() -> {
            jdbc.sql("insert into saga (saga_id, saga_type, payload) values (?, ?, ?)")
                    .params(sagaId, sagaType.getSimpleName(), payload)
                    .update();
            added.forEach(association -> associate(sagaType, sagaId, association));
        });
    }

    @Override
    public void updateSaga(Class<?> sagaType, String sagaId, Object saga, AssociationValues associations) {
        String payload = write(saga);
        Set<AssociationValue> added = Set.copyOf(associations.addedAssociations());
        Set<AssociationValue> removed = Set.copyOf(associations.removedAssociations());
        WriteBehind.write(() -> {
            jdbc.sql("update saga set payload = ? where saga_id = ?")
                    .params(payload, sagaId)
                    .update();
            added.forEach(association -> associate(sagaType, sagaId, association));
            removed.forEach(association -> jdbc.sql("""
                delete from saga_association
                 where saga_type = ? and association_key = ? and association_value = ? and saga_id = ?\
                """)
                    .params(sagaType.getSimpleName(), association.getKey(), association.getValue(), sagaId)
                    .update());
        });
    }

    @Override
    public void deleteSaga(Class<?> sagaType, String sagaId, Set<AssociationValue> associations) {
        WriteBehind.write(() ->
                jdbc.sql("delete from saga where saga_id = ?").param(sagaId).update());
    }

    private void associate(Class<?> sagaType, String sagaId, AssociationValue association) {
        jdbc.sql("""
            insert into saga_association (saga_type, association_key, association_value, saga_id)
            values (?, ?, ?, ?) on conflict do nothing\
            """)
                .params(sagaType.getSimpleName(), association.getKey(), association.getValue(), sagaId)
                .update();
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
