package io.waybill.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.messaging.WaybillJson;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.jspecify.annotations.Nullable;

/** Sagas as they are stored: as JSON, together with what else their batch writes. */
public final class Sagas implements SagaStore<Object> {

    private record Stored(String payload, Set<AssociationValue> associations) {}

    private final ObjectMapper mapper = WaybillJson.mapper();
    private final Table<Stored> sagas;

    Sagas(Transactions transactions) {
        sagas = new Table<>(transactions);
    }

    void clear() {
        sagas.clear();
    }

    boolean isOpen(String key, String value) {
        AssociationValue association = new AssociationValue(key, value);
        return sagas.rows().stream().anyMatch(saga -> saga.associations().contains(association));
    }

    @Override
    public Set<String> findSagas(Class<?> sagaType, AssociationValue association) {
        Set<String> found = new HashSet<>();
        for (Map.Entry<String, Stored> saga : sagas.byKey().entrySet()) {
            if (saga.getValue().associations().contains(association)) {
                found.add(saga.getKey());
            }
        }
        return found;
    }

    @Override
    @SuppressWarnings("NullAway") // Axon's contract asks for null where there is no such saga.
    public <S> @Nullable Entry<S> loadSaga(Class<S> sagaType, String sagaId) {
        Stored stored = sagas.get(sagaId);
        if (stored == null) {
            return null;
        }
        S saga = read(stored.payload(), sagaType);
        return new Entry<>() {
            @Override
            public Set<AssociationValue> associationValues() {
                return stored.associations();
            }

            @Override
            public S saga() {
                return saga;
            }
        };
    }

    @Override
    public void insertSaga(Class<?> sagaType, String sagaId, Object saga, Set<AssociationValue> associations) {
        sagas.put(sagaId, new Stored(write(saga), Set.copyOf(associations)));
    }

    @Override
    public void updateSaga(Class<?> sagaType, String sagaId, Object saga, AssociationValues associations) {
        sagas.put(sagaId, new Stored(write(saga), Set.copyOf(associations.asSet())));
    }

    @Override
    public void deleteSaga(Class<?> sagaType, String sagaId, Set<AssociationValue> associations) {
        sagas.remove(sagaId);
    }

    private String write(Object saga) {
        try {
            return mapper.writeValueAsString(saga);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private <S> S read(String payload, Class<S> sagaType) {
        try {
            return mapper.readValue(payload, sagaType);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
