package io.waybill.messaging.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.messaging.sample.SampleDatabase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProcessInstanceIT {

    private static final SampleDatabase DATABASE = SampleDatabase.fresh("process_instance");

    @BeforeEach
    void empty() {
        DATABASE.empty();
    }

    @Test
    void a_process_that_was_killed_long_ago_is_forgotten_unless_it_owns_something() {
        silentFor("killed a minute ago", "1 minute");
        silentFor("killed long ago", "25 hours");
        silentFor("killed long ago as an owner", "25 hours");
        DATABASE.jdbc().sql("""
            insert into processor_token (processor, segment, segments, transaction_id, position, owner)
            values ('inventory.shelves', 0, 1, '0', 0, 'killed long ago as an owner')\
            """).update();
        ProcessInstance alive = new ProcessInstance(DATABASE.jdbc(), "alive", Duration.ofMinutes(1));

        alive.start();

        assertThat(DATABASE.jdbc()
                        .sql("select id from process_instance")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder("alive", "killed a minute ago", "killed long ago as an owner");
        alive.stop();
    }

    @Test
    void a_process_knows_whether_it_is_alone() {
        silentFor("killed a minute ago", "1 minute");
        ProcessInstance first = new ProcessInstance(DATABASE.jdbc(), "first", Duration.ofSeconds(1));
        first.start();
        assertThat(first.isAlone()).isTrue();

        ProcessInstance second = new ProcessInstance(DATABASE.jdbc(), "second", Duration.ofMinutes(1));
        second.start();
        assertThat(second.isAlone()).isFalse();
        await().until(() -> !first.isAlone());

        second.stop();
        await().until(first::isAlone);
        first.stop();
    }

    private static void silentFor(String id, String time) {
        DATABASE.jdbc()
                .sql("insert into process_instance (id, host, alive_until) values (?, 'host', now() - ?::interval)")
                .params(id, time)
                .update();
    }
}
