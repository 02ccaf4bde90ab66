package io.waybill.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DirectivesTest {

    @ParameterizedTest(name = "{0} means {1} seconds")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "max-age=60 | 60",
                "MaX-aGe=60 | 60",
                "max-age=\"60\" | 60",
                "max-age=0060 | 60",
                "public,, max-age=60 , | 60",
                "max-age=99999999999 | 2147483648",
                "max-age=60, max-age=60 | 60",
                "x=\"max-age=5, max-age=6\", max-age=60 | 60",
                "x=\"a\\\", max-age=5\", max-age=60 | 60",
            })
    void a_number_of_seconds_is_read(String value, long seconds) {
        assertThat(cacheControl(value).seconds("max-age")).hasValue(seconds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-age=-5",
                "max-age=5.0",
                "max-age=a5",
                "max-age=5a",
                "max-age='5'",
                "max-age",
                "max-age=",
                "max-age =5",
                "max-age= 5",
                "max-age=5, max-age=6",
            })
    void what_is_no_number_or_contradicts_itself_is_no_time_at_all(String value) {
        assertThat(cacheControl(value).seconds("max-age")).hasValue(0);
    }

    @Test
    void lines_are_one_list() {
        var directives = Directives.ofCacheControl(
                HeaderLines.of("Cache-Control", "public", "cache-control", "max-age=5", "Cache-Control", "no-cache"));

        assertThat(directives.has("public")).isTrue();
        assertThat(directives.seconds("max-age")).hasValue(5);
        assertThat(directives.hasForAll("no-cache")).isTrue();
    }

    @Test
    void a_directive_may_speak_of_some_fields_only() {
        var directives = cacheControl("no-cache=\"Set-Cookie, X-Mine\", private=\"x-user\"");

        assertThat(directives.has("no-cache")).isTrue();
        assertThat(directives.hasForAll("no-cache")).isFalse();
        assertThat(directives.fields("no-cache")).containsExactlyInAnyOrder("set-cookie", "x-mine");
        assertThat(directives.fields("private")).containsExactly("x-user");
    }

    @Test
    void max_stale_without_a_number_has_no_limit() {
        assertThat(cacheControl("max-stale").secondsOrUnlimited("max-stale")).hasValue(Directives.MOST_SECONDS);
        assertThat(cacheControl("max-stale=7").secondsOrUnlimited("max-stale")).hasValue(7);
        assertThat(cacheControl("no-cache").secondsOrUnlimited("max-stale")).isEmpty();
    }

    @Test
    void the_targeted_field_is_a_dictionary() {
        var directives = targeted("public, max-age=300;v=\"x\", stale-if-error=60, no-cache=\"a\"");

        assertThat(directives).isNotNull();
        assertThat(directives.has("public")).isTrue();
        assertThat(directives.seconds("max-age")).hasValue(300);
        assertThat(directives.fields("no-cache")).containsExactly("a");
    }

    @Test
    void a_targeted_directive_of_a_wrong_type_counts_as_absent() {
        assertThat(targeted("max-age=\"300\", no-store").seconds("max-age")).isEqualTo(OptionalLong.empty());
        assertThat(targeted("max-age=300.0, no-store").seconds("max-age")).isEqualTo(OptionalLong.empty());
        assertThat(targeted("no-store=?0, public").has("no-store")).isFalse();
        assertThat(targeted("no-store=1, public").has("no-store")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Max-Age=5",
                "max-age=5,",
                "max-age=5,,public",
                "max-age==5",
                "max-age=\"5",
                "max-age=5 public",
                "max-age=12345678901234567",
                "a=(1 2",
                "é",
            })
    void a_targeted_field_that_is_no_dictionary_counts_as_absent(String value) {
        assertThat(targeted(value)).isNull();
    }

    @Test
    void dictionaries_may_hold_what_no_directive_has() {
        assertThat(targeted("a=(1 \"b\" c);x, d=:YWJj:, e=?1, f=*x/y:z, max-age=4")
                        .seconds("max-age"))
                .hasValue(4);
    }

    private static Directives cacheControl(String value) {
        return Directives.ofCacheControl(HeaderLines.of("Cache-Control", value));
    }

    private static Directives targeted(String value) {
        return Directives.ofTargeted(HeaderLines.of("CDN-Cache-Control", value), "CDN-Cache-Control");
    }
}
