package io.waybill.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RunningTest {

    private final List<String> stopped = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private final Running running = new Running((name, cause) -> failed.add(name));

    @Test
    void the_highest_level_stops_first_however_late_it_came_up() {
        add(1, "server");
        add(9, "gateway");
        add(2, "context");
        running.close();
        assertThat(stopped).containsExactly("gateway", "context", "server");
    }

    @Test
    void a_part_that_cannot_be_stopped_does_not_hinder_the_others() {
        add(1, "server");
        running.add(2, "context", () -> {
            throw new IllegalStateException("stuck");
        });
        running.close();
        assertThat(stopped).containsExactly("server");
        assertThat(failed).containsExactly("context");
    }

    @Test
    void a_part_that_comes_too_late_is_stopped_at_once() {
        running.close();
        add(1, "server");
        assertThat(stopped).containsExactly("server");
        assertThat(running.isClosed()).isTrue();
    }

    @Test
    void each_part_is_stopped_once() {
        add(1, "server");
        running.close();
        running.close();
        assertThat(stopped).containsExactly("server");
    }

    private void add(int level, String name) {
        running.add(level, name, () -> stopped.add(name));
    }
}
