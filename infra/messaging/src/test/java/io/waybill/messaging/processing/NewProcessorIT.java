package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.kernel.Event;
import io.waybill.messaging.sample.SampleDatabase;
import io.waybill.messaging.sample.SampleProcess;
import io.waybill.messaging.sample.ShelfEvent.GoodsPlaced;
import io.waybill.messaging.sample.ShelfEvent.ShelfPutUp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.ReplayStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Where processors begin that have never run: in a new context, and in one that a new release gives one more. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class NewProcessorIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("new_processor");
    private static final String OLD = "inventory.old";
    private static final String MAILS = "inventory.mails";
    private static final String SHELVES = "inventory.shelves";

    private final Deque<ProcessorRig> rigs = new ArrayDeque<>();
    private final Queue<String> mails = new ConcurrentLinkedQueue<>();
    private final Queue<String> projected = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void empty() {
        DATABASE.empty();
    }

    @AfterEach
    void close() {
        rigs.forEach(ProcessorRig::close);
    }

    /** Acts on the world, so the past is none of its business. */
    @DisallowReplay
    final class Mails {

        @EventHandler
        void on(GoodsPlaced event) {
            mails.add(event.shelf() + ":" + event.pieces());
        }
    }

    /** Shows what there is, and acts besides. */
    final class Shelves {

        @EventHandler
        void on(ShelfPutUp event, ReplayStatus status) {
            projected.add(event.shelf() + (status.isReplay() ? " again" : ""));
        }

        @DisallowReplay
        @EventHandler
        void on(GoodsPlaced event) {
            mails.add(event.shelf() + ":" + event.pieces());
        }
    }

    private final class Release {

        private final SampleProcess process = SampleProcess.started(DATABASE);
        private final ProcessorRig rig = new ProcessorRig(process, Map.of(MAILS, 2));
        private final EventProcessor old = rig.create(OLD, new Recorder(process, OLD));

        Release() {
            rigs.push(rig);
        }
    }

    @Test
    void at_the_first_start_of_a_context_what_came_before_it_is_acted_upon() {
        Release first = new Release();
        EventProcessor acting = first.rig.create(MAILS, new Mails());
        first.process.append(placed(0, 3));

        acting.start();

        awaitMails(0, 3);
    }

    @Test
    void one_that_starts_later_than_its_fellows_of_the_first_start_loses_nothing() {
        Release first = new Release();
        EventProcessor acting = first.rig.create(MAILS, new Mails());
        first.old.start();
        first.process.append(placed(0, 3));
        await().until(() -> DATABASE.seen(OLD).size() == 3);

        acting.start();

        awaitMails(0, 3);
    }

    @Test
    void a_policy_of_a_later_release_acts_on_what_comes_from_then_on() {
        old(placed(0, 3));
        Release later = new Release();

        later.rig.create(MAILS, new Mails()).start();
        later.process.append(placed(3, 5));

        awaitMails(3, 5);
        assertThat(later.rig.status(MAILS).replaying()).isNull();
    }

    @Test
    void what_was_not_committed_yet_when_the_later_release_began_is_acted_upon() {
        old(placed(0, 3));
        Release later = new Release();
        EventProcessor acting = later.rig.create(MAILS, new Mails());

        later.process.transactions().executeInTransaction(() -> {
            later.process.append(placed(3, 4));
            startElsewhere(acting);
        });

        awaitMails(3, 4);
    }

    @Test
    void a_projection_of_a_later_release_fills_itself_as_in_a_replay_and_its_handlers_that_act_are_silent() {
        old(new ShelfPutUp("a"), GoodsPlaced.on("a", 0));
        Release later = new Release();

        later.rig.create(SHELVES, new Shelves()).start();
        later.process.append(new ShelfPutUp("b"), GoodsPlaced.on("a", 1));

        await().until(() -> projected.size() == 2);
        awaitMails(1, 2);
        assertThat(projected).containsExactly("a again", "b");
    }

    @Test
    void a_policy_that_is_started_again_goes_on_where_it_stood() {
        old(placed(0, 3));
        Release later = new Release();
        EventProcessor acting = later.rig.create(MAILS, new Mails());
        acting.start();
        acting.shutDown();
        later.process.append(placed(3, 5));

        acting.start();

        awaitMails(3, 5);
    }

    /** A release without the new processors runs, and ends. */
    private void old(Event... events) {
        Release old = new Release();
        old.old.start();
        old.process.append(events);
        await().untilAsserted(() -> assertThat(old.rig.status(OLD).lag()).isZero());
        old.rig.close();
        rigs.remove(old.rig);
    }

    private static void startElsewhere(EventProcessor processor) {
        Thread starting = Thread.ofPlatform().start(processor::start);
        await().until(() -> !starting.isAlive());
    }

    private static Event[] placed(int from, int to) {
        return IntStream.range(from, to).mapToObj(nr -> GoodsPlaced.on("a", nr)).toArray(Event[]::new);
    }

    /** Two segments: in any order. */
    private void awaitMails(int from, int to) {
        List<String> expected =
                IntStream.range(from, to).mapToObj(nr -> "a:" + nr).toList();
        await().untilAsserted(() -> assertThat(mails).containsExactlyInAnyOrderElementsOf(expected));
        await().during(200, TimeUnit.MILLISECONDS).until(() -> mails.size() == expected.size());
    }
}
