package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServerChoiceTest {

    private final List<String> started = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final ServerChoice<String> choice =
            new ServerChoice<>("Redis", "TEST_URL", this::connect, () -> start("container"), () -> start("embedded"));

    @Test
    void settings_of_the_environment_come_first() {
        assertThat(choice.settle(Map.of("TEST_URL", "redis://given")::get, () -> true, told::add))
                .isEqualTo("redis://given");
        assertThat(started).isEmpty();
        assertThat(told).containsExactly("Waybill tests use Redis named by TEST_URL, redis://given");
    }

    @Test
    void a_container_comes_next() {
        assertThat(choice.settle(name -> null, () -> true, told::add)).isEqualTo("container");
        assertThat(told).containsExactly("Waybill tests use Redis in a container, container");
    }

    @Test
    void the_embedded_server_is_there_where_nothing_else_is() {
        assertThat(choice.settle(Map.of("TEST_URL", " ")::get, () -> false, told::add))
                .isEqualTo("embedded");
        assertThat(told).containsExactly("Waybill tests use Redis embedded, embedded");
    }

    @Test
    void it_is_settled_and_told_once() {
        choice.settle(name -> null, () -> false, told::add);
        choice.settle(Map.of("TEST_URL", "redis://late")::get, () -> true, told::add);

        assertThat(started).containsExactly("embedded");
        assertThat(told).hasSize(1);
    }

    @Test
    void settings_that_do_not_work_are_an_error_and_no_reason_to_take_another() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> choice.settle(Map.of("TEST_URL", "junk")::get, () -> true, told::add));
        assertThat(started).isEmpty();
    }

    private String connect(String url) {
        if (!url.startsWith("redis://")) {
            throw new IllegalArgumentException(url);
        }
        return url;
    }

    private String start(String kind) {
        started.add(kind);
        return kind;
    }
}
