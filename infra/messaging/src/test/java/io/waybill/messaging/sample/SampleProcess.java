package io.waybill.messaging.sample;

import com.zaxxer.hikari.HikariDataSource;
import io.waybill.kernel.Event;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.stream.CatalogueSerializer;
import io.waybill.messaging.stream.EventStream;
import io.waybill.messaging.stream.PostgresEventStorageEngine;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What one process of the sample context has of the stream: its connections, its reader, its way of appending. */
public final class SampleProcess implements AutoCloseable {

    private final HikariDataSource connections;
    private final JdbcTemplate jdbcTemplate;
    private final TransactionManager transactions;
    private final MessageCatalogue catalogue;
    private final Serializer serializer;
    private final EventStream stream;
    private final PostgresEventStorageEngine engine;

    public SampleProcess(SampleDatabase database, MessageCatalogue catalogue, Duration safetyPoll) {
        this(database.pool(), catalogue, safetyPoll);
    }

    private SampleProcess(HikariDataSource connections, MessageCatalogue catalogue, Duration safetyPoll) {
        this.connections = connections;
        this.jdbcTemplate = new JdbcTemplate(connections);
        this.transactions = new SpringTransactionManager(new JdbcTransactionManager(connections));
        this.catalogue = catalogue;
        this.serializer = new CatalogueSerializer(catalogue, WaybillJson.mapper());
        this.stream = new EventStream(jdbcTemplate, serializer, SampleMessages.upcasters(), safetyPoll);
        this.engine =
                new PostgresEventStorageEngine(jdbcTemplate, stream, catalogue, serializer, SampleMessages.upcasters());
    }

    /** A process whose reader runs. */
    public static SampleProcess started(SampleDatabase database) {
        SampleProcess process = new SampleProcess(database, SampleMessages.catalogue(), Duration.ofSeconds(1));
        process.stream.start();
        return process;
    }

    /** The same, but some of its statements say something else than they should. */
    public static SampleProcess defective(SampleDatabase database, UnaryOperator<String> change) {
        SampleProcess process =
                new SampleProcess(database.pool(change), SampleMessages.catalogue(), Duration.ofSeconds(1));
        process.stream.start();
        return process;
    }

    /** A process that appends and reads nothing. */
    public static SampleProcess appending(SampleDatabase database) {
        return new SampleProcess(database, SampleMessages.catalogue(), Duration.ofSeconds(1));
    }

    /** Appends events of no aggregate in one transaction. */
    public void append(Event... events) {
        transactions.executeInTransaction(() -> engine.appendEvents(Arrays.stream(events)
                .<EventMessage<?>>map(GenericEventMessage::asEventMessage)
                .toList()));
    }

    /** Appends an aggregate's event in a transaction. */
    public void append(String shelf, long sequenceNumber, Event event) {
        transactions.executeInTransaction(() ->
                engine.appendEvents(List.of(new GenericDomainEventMessage<>("Shelf", shelf, sequenceNumber, event))));
    }

    public HikariDataSource connections() {
        return connections;
    }

    public JdbcTemplate jdbcTemplate() {
        return jdbcTemplate;
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(connections);
    }

    public TransactionManager transactions() {
        return transactions;
    }

    public MessageCatalogue catalogue() {
        return catalogue;
    }

    public Serializer serializer() {
        return serializer;
    }

    public EventStream stream() {
        return stream;
    }

    public PostgresEventStorageEngine engine() {
        return engine;
    }

    /** As if it were killed: it signs off nowhere, and its connections are gone. */
    @Override
    public void close() {
        stream.stop();
        connections.close();
    }
}
