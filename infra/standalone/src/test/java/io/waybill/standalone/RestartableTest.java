package io.waybill.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RestartableTest {

    private final List<String> happened = new ArrayList<>();

    @Test
    void it_goes_away_and_comes_back() throws Exception {
        Restartable part = started();
        part.begin();
        part.end();
        assertThat(happened).containsExactly("started", "stopped", "started");
    }

    @Test
    void to_take_it_away_or_give_it_back_twice_is_harmless() throws Exception {
        Restartable part = started();
        part.end();
        part.begin();
        part.begin();
        assertThat(happened).containsExactly("started", "stopped");
    }

    @Test
    void what_is_away_when_all_is_closed_does_not_come_back() throws Exception {
        Restartable part = started();
        part.begin();
        part.close();
        part.end();
        assertThat(happened).containsExactly("started", "stopped");
    }

    @Test
    void one_that_does_not_come_back_is_named_with_the_cause() throws Exception {
        Restartable part = started();
        part.begin();
        happened.add("broken");
        assertThatThrownBy(part::end)
                .isInstanceOf(StartException.class)
                .hasMessageContainingAll("shipping context", "no luck today");
    }

    private Restartable started() throws Exception {
        return Restartable.start("shipping context", () -> {
            if (happened.contains("broken")) {
                throw new IllegalStateException("no luck today");
            }
            happened.add("started");
            return () -> happened.add("stopped");
        });
    }
}
