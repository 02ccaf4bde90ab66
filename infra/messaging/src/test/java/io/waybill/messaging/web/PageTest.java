package io.waybill.messaging.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.kernel.InvalidValueException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PageTest {

    @Test
    void a_list_that_fits_has_no_next_page() {
        assertThat(Page.of(List.of("a", "b"), 2, row -> row)).isEqualTo(new Page<>(List.of("a", "b"), null));
    }

    @Test
    void a_list_that_goes_on_names_its_last_sort_key_in_an_opaque_cursor() {
        Page<String> page = Page.of(List.of("a/ä?1", "ö b", "c"), 2, row -> row);

        assertThat(page.items()).containsExactly("a/ä?1", "ö b");
        String cursor = Objects.requireNonNull(page.nextCursor());
        assertThat(cursor).matches("[A-Za-z0-9_-]+");
        assertThat(Page.sortKey(cursor)).isEqualTo("ö b");
    }

    @Test
    void no_cursor_is_the_beginning() {
        assertThat(Page.sortKey(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "%", "ä", "a+b/"})
    void a_cursor_that_was_made_up_is_refused(String cursor) {
        assertThatThrownBy(() -> Page.sortKey(cursor)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void a_limit_is_from_1_to_100_and_20_by_default() {
        assertThat(Page.limit(null)).isEqualTo(20);
        assertThat(Page.limit(1)).isEqualTo(1);
        assertThat(Page.limit(100)).isEqualTo(100);
        assertThatThrownBy(() -> Page.limit(0)).isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Page.limit(101)).isInstanceOf(InvalidValueException.class);
    }
}
