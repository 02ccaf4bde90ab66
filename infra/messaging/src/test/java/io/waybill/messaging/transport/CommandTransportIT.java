package io.waybill.messaging.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.waybill.kernel.Command;
import io.waybill.messaging.Commands;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.metrics.MessagingMeters;
import io.waybill.messaging.sample.ParcelCommand.PackParcel;
import io.waybill.messaging.sample.SampleBroker;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.SampleRejection;
import io.waybill.messaging.sample.ShelfCommand.PlaceGoods;
import io.waybill.messaging.sample.ShelfCommand.PutUpShelf;
import io.waybill.messaging.tracing.Tracing;
import io.waybill.messaging.transport.CloudEvents.Envelope;
import io.waybill.messaging.transport.ParkedMessages.ParkedMessage;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CommandTransportIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("commands");
    private static final TransportRig BROKER = new TransportRig("commands");
    private static final String SHIPPING = BROKER.topology().commandQueue("shipping");
    private static final String OWN = BROKER.topology().commandQueue("inventory");
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final PackParcel PACK = new PackParcel("parcel-1", "a");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** What the handler of PlaceGoods does beside writing the command down. */
    private volatile Consumer<PlaceGoods> handler = command -> {};

    private SampleProcess process;
    private CachingConnectionFactory connections;
    private RoutingCommandBus bus;
    private ParkedMessages parked;

    @BeforeEach
    void start() {
        DATABASE.empty();
        BROKER.empty();
        process = SampleProcess.appending(DATABASE);
        connections = SampleBroker.connections();
        open.push(process);
        open.push(connections::destroy);
        ConfirmedPublisher publisher = TransportRig.publisher(connections);
        parked = new ParkedMessages(process.jdbc(), "inventory", publisher);
        SimpleCommandBus local = SimpleCommandBus.builder()
                .transactionManager(process.transactions())
                .build();
        var unused = local.subscribe(PlaceGoods.class.getName(), message -> handle((PlaceGoods) message.getPayload()));
        bus = new RoutingCommandBus(
                local,
                new CommandSender(
                        publisher,
                        BROKER.topology(),
                        process.catalogue(),
                        WaybillJson.mapper(),
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        Tracing.off()),
                process.catalogue(),
                Tracing.off(),
                MessagingMeters.none());
    }

    private Object handle(PlaceGoods command) {
        write(command.shelf() + ":" + command.pieces());
        handler.accept(command);
        return "done";
    }

    private void write(String what) {
        process.jdbc()
                .sql("insert into sample_seen (reader, by, what) values ('commands', 'one', ?)")
                .param(what)
                .update();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @AfterAll
    static void tidy() {
        BROKER.close();
    }

    private static List<String> carriedOut() {
        return DATABASE.seen("commands");
    }

    @Nested
    class Sending {

        @Test
        void another_contexts_command_goes_to_its_queue_and_is_done_with_the_confirm() {
            FutureCallback<PackParcel, Object> result = new FutureCallback<>();

            bus.dispatch(new GenericCommandMessage<>(PACK), result);

            assertThat(result).isDone();
            assertThat(result.getResult().isExceptional()).isFalse();
            assertThat((Object) result.getResult().getPayload()).isNull();
            Message message = BROKER.receive(SHIPPING);
            Map<String, Object> headers = message.getMessageProperties().getHeaders();
            assertThat(headers)
                    .containsEntry("cloudEvents:type", "waybill.shipping.PackParcel.v1")
                    .containsEntry("cloudEvents:source", "/waybill/inventory")
                    .containsEntry("cloudEvents:subject", "parcel-1")
                    .containsEntry("cloudEvents:partitionkey", "a")
                    .containsEntry("cloudEvents:time", NOW.toString())
                    .containsKey("cloudEvents:id")
                    .doesNotContainKey("cloudEvents:sequence");
            assertThat(new String(message.getBody(), UTF_8)).isEqualTo("{\"parcel\":\"parcel-1\",\"shelf\":\"a\"}");
        }

        @Test
        void within_a_transaction_it_is_published_at_the_commit_and_done_then() {
            UnitOfWork<?> unit = started();
            FutureCallback<PackParcel, Object> result = new FutureCallback<>();
            bus.dispatch(new GenericCommandMessage<>(PACK), result);
            assertThat(BROKER.isEmpty(SHIPPING)).isTrue();
            assertThat(result).isNotDone();

            unit.commit();

            assertThat(result).isDone();
            assertThat(BROKER.receive(SHIPPING).getBody()).isNotEmpty();
        }

        @Test
        void when_the_handler_fails_nothing_is_published() {
            UnitOfWork<?> unit = started();
            new Commands(bus).send(PACK);

            unit.rollback(new IllegalStateException("bug"));

            await().during(300, TimeUnit.MILLISECONDS).until(() -> BROKER.isEmpty(SHIPPING));
        }

        @Test
        void when_the_broker_does_not_take_it_the_senders_transaction_fails() {
            BROKER.deleteQueue(SHIPPING);
            try {
                UnitOfWork<?> unit = started();
                write("half");
                new Commands(bus).send(PACK);

                assertThatThrownBy(unit::commit).isInstanceOf(AmqpException.class);

                assertThat(carriedOut()).isEmpty();
            } finally {
                BROKER.declare();
            }
        }

        @Test
        void a_batch_publishes_the_others_commands_first_and_then_runs_its_own() {
            UnitOfWork<?> batch = startedBatch();
            Commands commands = new Commands(bus);
            handler = command -> await().until(() -> BROKER.waiting(SHIPPING) == 1);
            commands.send(new PlaceGoods("a", 1));
            assertThat(carriedOut()).isEmpty();
            commands.send(PACK);

            batch.commit();

            assertThat(carriedOut()).containsExactly("a:1");
            await().until(() -> BROKER.waiting(SHIPPING) == 1);
        }

        @Test
        void what_a_local_command_of_a_batch_sends_in_turn_is_not_lost() {
            UnitOfWork<?> batch = startedBatch();
            Commands commands = new Commands(bus);
            handler = command -> {
                commands.send(new PackParcel("parcel-" + command.pieces(), "a"));
                if (command.pieces() < 3) {
                    commands.send(new PlaceGoods("a", command.pieces() + 1));
                }
            };
            commands.send(new PlaceGoods("a", 1));

            batch.commit();

            assertThat(carriedOut()).containsExactly("a:1", "a:2", "a:3");
            await().until(() -> BROKER.waiting(SHIPPING) == 3);
        }

        @Test
        void a_local_command_that_fails_fails_its_batch() {
            UnitOfWork<?> batch = startedBatch();
            handler = command -> {
                throw new IllegalStateException("bug");
            };
            new Commands(bus).send(new PlaceGoods("a", 1));

            assertThatThrownBy(batch::commit).isInstanceOf(IllegalStateException.class);
            assertThat(carriedOut()).isEmpty();
        }

        @Test
        void a_local_command_runs_at_once_in_a_transaction_of_its_own_where_there_is_none() {
            new Commands(bus).send(new PlaceGoods("a", 1));

            assertThat(carriedOut()).containsExactly("a:1");
        }

        @Test
        void a_local_command_that_loses_one_race_after_the_other_is_run_again() {
            AtomicInteger losses = new AtomicInteger(20);
            handler = command -> {
                if (losses.getAndDecrement() > 0) {
                    throw new ConcurrencyException("another was first");
                }
            };

            new Commands(bus).send(new PlaceGoods("a", 1));

            assertThat(carriedOut()).containsExactly("a:1");
        }

        @Test
        void a_local_command_that_fails_for_good_is_not_run_again() {
            AtomicInteger runs = new AtomicInteger();
            handler = command -> {
                runs.incrementAndGet();
                throw new Rejection(SampleRejection.NOTHING_TO_PLACE, "No.");
            };

            assertThatThrownBy(() -> new Commands(bus).send(new PlaceGoods("a", 0)))
                    .isInstanceOf(Rejection.class);
            assertThat(runs).hasValue(1);
            assertThat(carriedOut()).isEmpty();
        }

        private UnitOfWork<?> started() {
            UnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(GenericEventMessage.asEventMessage("an event"));
            unit.attachTransaction(process.transactions());
            return unit;
        }

        private UnitOfWork<?> startedBatch() {
            UnitOfWork<?> unit = new BatchingUnitOfWork<>(GenericEventMessage.asEventMessage("an event"));
            unit.start();
            unit.attachTransaction(process.transactions());
            return unit;
        }
    }

    @Nested
    class CarryingOut {

        private void startConsumer() {
            CommandConsumer consumer = new CommandConsumer(
                    connections, OWN, 2, bus, parked, process.catalogue(), WaybillJson.mapper(), Tracing.off());
            open.push(consumer::stop);
            consumer.start();
        }

        @Test
        void a_command_from_the_queue_is_carried_out_and_acknowledged() {
            BROKER.send(OWN, command(new PlaceGoods("a", 1)));

            startConsumer();

            await().until(() -> carriedOut().equals(List.of("a:1")));
            assertNothingLeft(0);
        }

        @Test
        void more_commands_than_the_broker_hands_out_without_acknowledgements_are_all_carried_out() {
            startConsumer();

            IntStream.range(0, 100).forEach(nr -> BROKER.send(OWN, command(new PlaceGoods("a", nr))));

            await().until(() -> carriedOut().size() == 100);
            assertNothingLeft(0);
        }

        @Test
        void a_command_that_always_fails_is_parked_after_its_tries_and_the_others_go_on() {
            AtomicInteger tries = new AtomicInteger();
            handler = command -> {
                if (command.pieces() == 13) {
                    tries.incrementAndGet();
                    throw new IllegalStateException("the shelf breaks");
                }
            };
            startConsumer();

            BROKER.send(OWN, command(new PlaceGoods("a", 13)));
            BROKER.send(OWN, command(new PlaceGoods("a", 1)));

            await().until(() -> carriedOut().equals(List.of("a:1")));
            assertNothingLeft(1);
            assertThat(tries).hasValue(3);
            assertThat(parked.list(0, 1).get(0).cause()).contains("the shelf breaks");
        }

        @Test
        void a_refusal_is_an_answer_and_acknowledged() {
            AtomicInteger tries = new AtomicInteger();
            handler = command -> {
                tries.incrementAndGet();
                throw new Rejection(SampleRejection.NOTHING_TO_PLACE, "No.");
            };
            startConsumer();

            BROKER.send(OWN, command(new PlaceGoods("a", 0)));

            await().until(() -> tries.get() == 1);
            assertNothingLeft(0);
            assertThat(tries).hasValue(1);
        }

        @Test
        void a_failure_that_passes_is_waited_out() {
            AtomicInteger left = new AtomicInteger(4);
            handler = command -> {
                if (left.getAndDecrement() > 0) {
                    throw new AmqpException("in a moment");
                }
            };
            startConsumer();

            BROKER.send(OWN, command(new PlaceGoods("a", 1)));

            await().until(() -> carriedOut().equals(List.of("a:1")));
            assertNothingLeft(0);
        }

        @Test
        void garbage_is_parked_and_the_others_go_on() {
            List<Message> garbage = List.of(
                    MessageBuilder.withBody("hello".getBytes(UTF_8)).build(),
                    command("waybill.inventory.GoodsPlaced", "{}"),
                    command("waybill.shipping.PackParcel", "{}"),
                    command("waybill.inventory.PlaceGoods", "{\"shelf\":"),
                    command("waybill.inventory.PlaceGoods", "{\"shelf\":\"a\",\"pieces\":\"many\"}"),
                    command("waybill.inventory.PlaceGoods", "null"),
                    newer(command(new PlaceGoods("a", 2))));
            startConsumer();

            for (Message message : garbage) {
                BROKER.send(OWN, message);
            }
            BROKER.send(OWN, command(new PlaceGoods("a", 1)));

            await().until(() -> carriedOut().equals(List.of("a:1")));
            assertNothingLeft(garbage.size());
            assertThat(parked.list(0, 10)).extracting(ParkedMessage::cause).doesNotContainNull();
        }

        @Test
        void a_command_that_nobody_here_handles_is_parked() {
            startConsumer();

            BROKER.send(OWN, command(new PutUpShelf("a")));

            assertNothingLeft(1);
        }

        @Test
        void a_parked_command_goes_back_to_its_queue_when_an_operator_says_so() {
            handler = command -> {
                throw new IllegalStateException("bug");
            };
            startConsumer();
            BROKER.send(OWN, command(new PlaceGoods("a", 1)));
            assertNothingLeft(1);
            handler = command -> {};

            assertThat(parked.retry(Long.parseLong(parked.list(0, 1).get(0).id())))
                    .isTrue();

            await().until(() -> carriedOut().equals(List.of("a:1")));
            assertNothingLeft(0);
        }

        @Test
        void a_command_whose_consumer_dies_in_the_middle_is_delivered_again() {
            AtomicInteger starts = new AtomicInteger();
            handler = command -> {
                if (starts.incrementAndGet() == 1) {
                    connections.resetConnection();
                    throw new AmqpException("the connection went");
                }
            };
            startConsumer();

            BROKER.send(OWN, command(new PlaceGoods("a", 1)));

            await().until(() -> carriedOut().size() >= 2);
            assertThat(carriedOut()).containsOnly("a:1");
            assertNothingLeft(0);
        }

        /** Closing the consumer's connection gives back what it has not acknowledged. */
        private void assertNothingLeft(long parkedMessages) {
            await().until(() -> DATABASE.count("parked_message") == parkedMessages);
            await().until(() -> BROKER.isEmpty(OWN));
        }

        /** As the next release may ask. */
        private static Message newer(Message command) {
            command.getMessageProperties().setHeader("cloudEvents:type", "waybill.inventory.PlaceGoods.v2");
            return command;
        }

        private Message command(Command command) {
            String type = "waybill.inventory." + command.getClass().getSimpleName();
            try {
                return command(type, WaybillJson.mapper().writeValueAsString(command));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }

        private Message command(String type, String body) {
            return CloudEvents.toMessage(
                    new Envelope("command-" + body.hashCode(), "/waybill/order", type, 1, "a", NOW, null, "a", body));
        }
    }
}
