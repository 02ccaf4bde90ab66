package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.kernel.Event;
import io.waybill.messaging.processing.Processors.ParkedEvent;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.EventProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.dao.TransientDataAccessResourceException;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StreamProcessorIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("stream_processor");
    private static final String NAME = "inventory.recorder";

    private final Deque<ProcessorRig> rigs = new ArrayDeque<>();

    @BeforeEach
    void empty() {
        DATABASE.empty();
    }

    @AfterEach
    void close() {
        rigs.forEach(ProcessorRig::close);
    }

    /** A process of its own, with one processor that records. */
    private final class Instance {

        private final SampleProcess process = SampleProcess.started(DATABASE);
        private final ProcessorRig rig;
        private final EventProcessor processor;

        Instance(String by, int segments, Consumer<GoodsPlaced> before) {
            rig = new ProcessorRig(process, Map.of(NAME, segments));
            rigs.push(rig);
            processor = rig.create(NAME, new Recorder(process, NAME, by, before));
        }

        Instance(Consumer<GoodsPlaced> before) {
            this("one", 1, before);
        }

        Instance started() {
            processor.start();
            return this;
        }
    }

    @Nested
    class Batches {

        @Test
        void what_waits_is_handled_in_order_in_one_transaction_together_with_the_position() {
            Instance instance = new Instance(event -> {});
            instance.process.append(placed("a", 0, 20));

            instance.started();

            awaitSeen("a", 0, 20);
            assertThat(DATABASE.jdbc().sql("""
                select distinct seen.transaction_id::text = token.xmin::text
                  from sample_seen seen, processor_token token\
                """).query(Boolean.class).list()).containsExactly(true);
            await().untilAsserted(
                            () -> assertThat(instance.rig.status(NAME).lag()).isZero());
        }

        @Test
        void a_processor_that_is_started_again_goes_on_where_it_stood() {
            Instance instance = new Instance(event -> {}).started();
            instance.process.append(placed("a", 0, 5));
            awaitSeen("a", 0, 5);
            instance.processor.shutDown();
            instance.process.append(placed("a", 5, 10));

            instance.started();

            awaitSeen("a", 0, 10);
        }

        @Test
        void a_type_that_is_not_in_the_catalogue_is_passed_by() {
            Instance instance = new Instance(event -> {});
            instance.process.append(new ShelfPutUp("a"), GoodsPlaced.on("a", 0));
            DATABASE.jdbc()
                    .sql("update event_stream set type = 'java.lang.Runtime', payload = '[]' where position = 1")
                    .update();

            instance.started();

            awaitSeen("a", 0, 1);
            assertThat(instance.rig.processors().parked(0, 10)).isEmpty();
        }

        @Test
        void a_processor_that_nothing_concerns_still_moves_on() {
            Instance instance = new Instance(event -> {}).started();
            instance.process.append(new ShelfPutUp("a"), new ShelfPutUp("b"));

            await().untilAsserted(
                            () -> assertThat(instance.rig.status(NAME).lag()).isZero());
            assertThat(DATABASE.seen(NAME)).isEmpty();
        }
    }

    @Nested
    class Failures {

        private final Set<String> broken = ConcurrentHashMap.newKeySet();
        private final AtomicInteger failures = new AtomicInteger();

        private void failWhereBroken(GoodsPlaced event) {
            if (broken.contains(event.shelf())) {
                failures.incrementAndGet();
                throw new IllegalStateException("no such shelf in the plan");
            }
        }

        @Test
        void a_key_that_always_fails_is_parked_in_order_and_the_others_go_on() {
            broken.add("bad");
            Instance instance = new Instance(this::failWhereBroken).started();

            instance.process.append(
                    GoodsPlaced.on("good", 0),
                    GoodsPlaced.on("bad", 0),
                    GoodsPlaced.on("good", 1),
                    GoodsPlaced.on("bad", 1),
                    GoodsPlaced.on("good", 2));
            instance.process.append(GoodsPlaced.on("bad", 2), GoodsPlaced.on("good", 3));

            awaitSeen("good", 0, 4);
            List<ParkedEvent> parked = instance.rig.processors().parked(0, 10);
            assertThat(parked).extracting(ParkedEvent::partitionKey).containsOnly("bad");
            assertThat(parked).extracting(ParkedEvent::processor).containsOnly(NAME);
            assertThat(parked).extracting(ParkedEvent::position).isEqualTo(places("bad"));
            assertThat(parked.get(0).cause()).contains("no such shelf in the plan");
            assertThat(parked.get(0).attempts()).isEqualTo(3);
            // Once in the batch, then three times by itself.
            assertThat(failures).hasValueGreaterThanOrEqualTo(4);
            assertThat(parked.get(1).attempts()).isZero();
        }

        @Test
        void an_error_is_a_failure_like_others_and_ends_no_processor() {
            Instance instance = new Instance(event -> {
                        if (event.shelf().equals("bad")) {
                            throw new NoClassDefFoundError("io/waybill/Missing");
                        }
                    })
                    .started();

            instance.process.append(GoodsPlaced.on("bad", 0), GoodsPlaced.on("good", 0));

            awaitSeen("good", 0, 1);
            assertThat(instance.rig.processors().parked(0, 10))
                    .singleElement()
                    .satisfies(parked -> assertThat(parked.cause()).contains("io/waybill/Missing"));
        }

        @Test
        void a_jvm_without_memory_says_nothing_against_the_event() {
            AtomicInteger left = new AtomicInteger(5);
            Instance instance = new Instance(event -> {
                        if (left.getAndDecrement() > 0) {
                            throw new OutOfMemoryError("as if there were none");
                        }
                    })
                    .started();

            instance.process.append(placed("a", 0, 3));

            awaitSeen("a", 0, 3);
            assertThat(wasAnythingEverParked()).isFalse();
        }

        @Test
        void once_the_cause_is_gone_what_was_parked_is_handled_by_itself_and_in_order() {
            broken.add("bad");
            Instance instance = new Instance(this::failWhereBroken).started();
            instance.process.append(placed("bad", 0, 4));
            await().until(() -> DATABASE.count("parked_event") == 4);

            broken.clear();

            awaitSeen("bad", 0, 4);
            instance.process.append(placed("bad", 4, 6));
            awaitSeen("bad", 0, 6);
            assertThat(DATABASE.count("parked_event")).isZero();
        }

        @Test
        void what_comes_while_others_of_its_key_are_tried_again_still_waits_its_turn() {
            Gate gate = new Gate();
            broken.add("bad");
            Instance instance = new Instance(event -> {
                        failWhereBroken(event);
                        if (event.shelf().equals("bad")) {
                            gate.pass();
                        }
                    })
                    .started();
            instance.process.append(placed("bad", 0, 2));
            await().until(() -> DATABASE.count("parked_event") == 2);
            broken.clear();
            gate.awaitHandler();

            instance.process.append(placed("bad", 2, 5));
            gate.open();

            awaitSeen("bad", 0, 5);
        }

        @Test
        void a_processor_that_is_started_again_still_knows_which_keys_are_parked() {
            broken.add("bad");
            Instance instance = new Instance(this::failWhereBroken).started();
            instance.process.append(placed("bad", 0, 1));
            await().until(() -> DATABASE.count("parked_event") == 1);
            instance.processor.shutDown();
            DATABASE.jdbc().sql("update parked_event set next_try_at = null").update();
            broken.clear();
            instance.process.append(GoodsPlaced.on("bad", 1), GoodsPlaced.on("good", 0));

            instance.started();

            awaitSeen("good", 0, 1);
            assertThat(DATABASE.count("parked_event")).isEqualTo(2);
            instance.rig
                    .processors()
                    .parked(0, 10)
                    .forEach(parked -> instance.rig.processors().retryParked(Long.parseLong(parked.id())));
            await().untilAsserted(() -> assertThat(DATABASE.seen(NAME)).containsExactly("good:0", "bad:0", "bad:1"));
        }

        @Test
        void one_that_an_operator_gives_up_lets_the_next_of_its_key_through() {
            Instance instance = new Instance(event -> {
                        if (event.pieces() == 0) {
                            throw new IllegalStateException("never this one");
                        }
                    })
                    .started();
            instance.process.append(placed("a", 0, 3));
            await().until(() -> DATABASE.count("parked_event") == 3);

            long first =
                    Long.parseLong(instance.rig.processors().parked(0, 1).get(0).id());
            assertThat(instance.rig.processors().discardParked(first)).isTrue();

            awaitSeen("a", 1, 3);
            assertThat(instance.rig.processors().discardParked(first)).isFalse();
        }

        @Test
        void it_is_tried_ever_more_seldom_and_then_waits_for_an_operator() {
            broken.add("bad");
            Instance instance = new Instance(this::failWhereBroken).started();
            instance.process.append(placed("bad", 0, 1));
            await().until(() -> DATABASE.count("parked_event") == 1);

            triedAgain(8, 9);
            assertThat(instance.rig.processors().parked(0, 1).get(0).nextTryAt())
                    .isAfter(Instant.now().plusSeconds(60));
            triedAgain(9, 10);

            ParkedEvent parked = instance.rig.processors().parked(0, 1).get(0);
            assertThat(parked.attempts()).isEqualTo(10);
            assertThat(parked.nextTryAt()).isNull();
            broken.clear();
            assertThat(instance.rig.processors().retryParked(Long.parseLong(parked.id())))
                    .isTrue();
            awaitSeen("bad", 0, 1);
        }

        private static void triedAgain(int attemptsBefore, int attemptsAfter) {
            DATABASE.jdbc()
                    .sql("update parked_event set next_try_at = clock_timestamp(), attempts = ?")
                    .param(attemptsBefore)
                    .update();
            await().until(() -> DATABASE.jdbc()
                            .sql("select attempts from parked_event")
                            .query(Integer.class)
                            .single()
                    == attemptsAfter);
        }

        @Test
        void a_failure_that_passes_parks_nothing_however_often_it_comes() {
            AtomicInteger left = new AtomicInteger(4);
            Instance instance = new Instance(event -> {
                        if (left.getAndDecrement() > 0) {
                            throw new TransientDataAccessResourceException("in a moment");
                        }
                    })
                    .started();

            instance.process.append(placed("a", 0, 3));

            awaitSeen("a", 0, 3);
            assertThat(wasAnythingEverParked()).isFalse();
        }

        private static boolean wasAnythingEverParked() {
            return DATABASE.jdbc()
                    .sql("select is_called from parked_event_id_seq")
                    .query(Boolean.class)
                    .single();
        }

        @Test
        void a_connection_that_is_cut_in_the_middle_of_a_batch_undoes_it_and_parks_nothing() {
            AtomicInteger cuts = new AtomicInteger(2);
            Instance[] self = new Instance[1];
            self[0] = new Instance(event -> {
                if (event.pieces() == 2 && cuts.getAndDecrement() > 0) {
                    self[0].process.jdbcTemplate().execute("select pg_terminate_backend(pg_backend_pid())");
                }
            });
            self[0].process.append(placed("a", 0, 4));

            self[0].started();

            awaitSeen("a", 0, 4);
            assertThat(wasAnythingEverParked()).isFalse();
        }
    }

    @Nested
    class Owners {

        @Test
        void of_two_processes_exactly_one_works_a_segment() {
            Instance one = new Instance("one", 2, event -> {});
            Instance two = new Instance("two", 2, event -> {});
            one.started();
            two.started();
            for (int block = 0; block < 20; block++) {
                Event[] events = IntStream.range(0, 10)
                        .mapToObj(nr -> GoodsPlaced.on("shelf-" + nr, 0))
                        .toArray(Event[]::new);
                (block % 2 == 0 ? one : two).process.append(events);
            }

            await().until(() -> DATABASE.count("sample_seen") == 200);
            await().during(300, TimeUnit.MILLISECONDS).until(() -> DATABASE.count("sample_seen") == 200);
            assertThat(owners()).doesNotContainNull().hasSize(2);
        }

        @Test
        void a_segment_is_not_taken_from_an_owner_that_lives_however_long_its_batch_takes() {
            Gate gate = new Gate();
            Instance slow = new Instance("slow", 1, event -> gate.pass()).started();
            slow.process.append(placed("a", 0, 1));
            gate.awaitHandler();

            new Instance("other", 1, event -> {}).started();

            await().during(ProcessorRig.LEASE.multipliedBy(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> owners().equals(List.of(slow.rig.instanceId())));
            gate.open();
            awaitSeen("a", 0, 1);
            assertThat(workers()).containsExactly("slow");
        }

        @Test
        void an_owner_that_lost_its_claim_in_the_middle_of_a_batch_cannot_commit_it() {
            Gate gate = new Gate();
            Instance slow = new Instance("slow", 1, event -> {
                if (event.pieces() == 1) {
                    gate.pass();
                }
            });
            slow.process.append(placed("a", 0, 3));
            slow.started();
            gate.awaitHandler();
            slow.rig.tokens().revoke(NAME);

            Instance quick = new Instance("quick", 1, event -> {}).started();
            awaitSeen("a", 0, 3);
            gate.open();
            slow.process.append(placed("a", 3, 5));

            awaitSeen("a", 0, 5);
            assertThat(workers()).containsExactly("quick");
            assertThat(owners()).containsExactly(quick.rig.instanceId());
        }

        @Test
        void an_owner_that_lost_its_claim_cannot_park_either() {
            Gate gate = new Gate();
            Instance slow = new Instance("slow", 1, event -> {
                gate.pass();
                throw new IllegalStateException("bug of an old release");
            });
            slow.process.append(placed("a", 0, 2));
            slow.started();
            gate.awaitHandler();
            slow.rig.tokens().revoke(NAME);
            new Instance("quick", 1, event -> {}).started();
            awaitSeen("a", 0, 2);

            gate.open();

            await().during(300, TimeUnit.MILLISECONDS).until(() -> DATABASE.count("parked_event") == 0);
        }

        @Test
        void a_process_that_was_held_up_says_so_no_more_when_another_has_taken_over() {
            Instance poor = new Instance("poor", 1, event -> {
                        throw new TransientDataAccessResourceException("not here");
                    })
                    .started();
            poor.process.append(placed("a", 0, 1));
            await().until(() -> poor.rig.status(NAME).error());

            Instance other = new Instance("other", 1, event -> {}).started();
            await().until(() -> {
                if (owners().equals(List.of(other.rig.instanceId()))) {
                    return true;
                }
                poor.rig.tokens().revoke(NAME);
                return false;
            });

            awaitSeen("a", 0, 1);
            assertThat(workers()).containsExactly("other");
            await().untilAsserted(
                            () -> assertThat(poor.rig.status(NAME).error()).isFalse());
        }

        @Test
        void when_a_process_dies_without_signing_off_another_takes_over_after_the_lease() {
            Instance one = new Instance("one", 1, event -> {}).started();
            one.process.append(placed("a", 0, 2));
            awaitSeen("a", 0, 2);
            Instance two = new Instance("two", 1, event -> {}).started();

            one.rig.die();
            two.process.append(placed("a", 2, 4));

            awaitSeen("a", 0, 4);
            assertThat(workers()).containsExactlyInAnyOrder("one", "two");
            assertThat(owners()).containsExactly(two.rig.instanceId());
        }

        @Test
        void a_process_that_signs_off_leaves_its_segments_to_others_at_once() {
            Instance one = new Instance("one", 1, event -> {}).started();
            one.process.append(placed("a", 0, 1));
            awaitSeen("a", 0, 1);

            one.processor.shutDown();
            one.rig.close();
            rigs.remove(one.rig);

            assertThat(DATABASE.count("process_instance")).isZero();
            assertThat(DATABASE.jdbc()
                            .sql("select count(*) from processor_token where owner is not null")
                            .query(Long.class)
                            .single())
                    .isZero();
        }

        @Test
        void more_segments_than_at_the_first_start_do_not_make_a_processor_begin_again() {
            Instance one = new Instance("one", 1, event -> {}).started();
            one.process.append(
                    GoodsPlaced.on("a", 0), GoodsPlaced.on("b", 0), GoodsPlaced.on("c", 0), GoodsPlaced.on("d", 0));
            await().until(() -> DATABASE.count("sample_seen") == 4);
            one.rig.close();

            Instance two = new Instance("two", 2, event -> {}).started();
            two.process.append(GoodsPlaced.on("e", 0));

            await().until(() -> DATABASE.seen(NAME).contains("e:0"));
            await().during(300, TimeUnit.MILLISECONDS).until(() -> DATABASE.count("sample_seen") == 5);
        }
    }

    private static Event[] placed(String shelf, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(nr -> GoodsPlaced.on(shelf, nr))
                .toArray(Event[]::new);
    }

    private static void awaitSeen(String shelf, int from, int to) {
        List<String> expected =
                IntStream.range(from, to).mapToObj(nr -> shelf + ":" + nr).toList();
        await().atMost(15, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(
                                DATABASE.seen(NAME).stream().filter(what -> what.startsWith(shelf + ":")))
                        .containsExactlyElementsOf(expected));
    }

    private static Set<String> workers() {
        return new HashSet<>(DATABASE.jdbc()
                .sql("select distinct by from sample_seen")
                .query(String.class)
                .list());
    }

    private static List<String> owners() {
        return DATABASE.jdbc()
                .sql("select owner from processor_token order by segment")
                .query(String.class)
                .list();
    }

    private static List<String> places(String partitionKey) {
        return DATABASE.jdbc().sql("""
            select transaction_id || ':' || position from event_stream
             where partition_key = ? order by transaction_id, position\
            """).param(partitionKey).query(String.class).list();
    }
}
