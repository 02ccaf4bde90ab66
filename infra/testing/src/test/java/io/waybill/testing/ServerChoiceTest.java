package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServerChoiceTest {

    private static final String URL = "WAYBILL_TEST_REDIS_URL";
    private static final String IMAGE = "WAYBILL_TEST_REDIS_IMAGE";
    private static final String UNKNOWN = "nobody/has-this:1";

    private final List<String> started = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final ServerChoice<String> choice = new ServerChoice<>(
            new ServerChoice.Names("Redis", "REDIS", "redis:7"),
            this::connect,
            image -> start("container of " + image),
            () -> start("embedded"));

    @Test
    void settings_of_the_environment_come_first() {
        assertThat(choice.settle(Map.of(URL, "redis://given")::get, () -> true, told::add))
                .isEqualTo("redis://given");
        assertThat(started).isEmpty();
        assertThat(told).containsExactly("Waybill tests use Redis named by WAYBILL_TEST_REDIS_URL, redis://given");
    }

    @Test
    void a_container_comes_next() {
        assertThat(choice.settle(name -> null, () -> true, told::add)).isEqualTo("container of redis:7");
        assertThat(told)
                .containsExactly(
                        "Waybill tests start Redis in a container of redis:7",
                        "Waybill tests use Redis in a container, container of redis:7");
    }

    @Test
    void the_environment_may_name_the_image() {
        assertThat(choice.settle(Map.of(IMAGE, "mirror/redis:8")::get, () -> true, told::add))
                .isEqualTo("container of mirror/redis:8");
        assertThat(told).first().isEqualTo("Waybill tests start Redis in a container of mirror/redis:8");
    }

    @Test
    void the_image_is_told_before_its_start_is_tried() {
        assertThatIllegalStateException()
                .isThrownBy(() -> choice.settle(Map.of(IMAGE, UNKNOWN)::get, () -> true, told::add));

        assertThat(told).containsExactly("Waybill tests start Redis in a container of " + UNKNOWN);
    }

    @Test
    void a_start_that_failed_is_not_tried_again_and_says_each_time_what_to_do() {
        for (int testClass = 1; testClass <= 3; testClass++) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> choice.settle(Map.of(IMAGE, UNKNOWN)::get, () -> true, told::add))
                    .withMessageContainingAll(URL, IMAGE, UNKNOWN)
                    .havingCause()
                    .withMessage("no such image");
        }

        assertThat(started).containsExactly("container of " + UNKNOWN);
        assertThat(told).hasSize(1);
    }

    @Test
    void the_embedded_server_is_there_where_nothing_else_is() {
        assertThat(choice.settle(Map.of(URL, " ")::get, () -> false, told::add)).isEqualTo("embedded");
        assertThat(told).containsExactly("Waybill tests use Redis embedded, embedded");
    }

    @Test
    void it_is_settled_and_told_once() {
        choice.settle(name -> null, () -> false, told::add);
        choice.settle(Map.of(URL, "redis://late")::get, () -> true, told::add);

        assertThat(started).containsExactly("embedded");
        assertThat(told).hasSize(1);
    }

    @Test
    void settings_that_do_not_work_are_an_error_and_no_reason_to_take_another() {
        assertThatIllegalStateException()
                .isThrownBy(() -> choice.settle(Map.of(URL, "junk")::get, () -> true, told::add));
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
        if (kind.contains(UNKNOWN)) {
            throw new IllegalArgumentException("no such image");
        }
        return kind;
    }
}
