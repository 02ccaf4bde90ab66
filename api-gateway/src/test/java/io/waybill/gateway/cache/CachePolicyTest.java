package io.waybill.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CachePolicyTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String AT_NOON = "Sun, 01 Mar 2026 12:00:00 GMT";

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Storing {

        @ParameterizedTest(name = "{0} {1}")
        @CsvSource(
                delimiter = '|',
                value = {
                    "200 | Cache-Control: max-age=5",
                    "200 | Cache-Control: s-maxage=5",
                    "200 | ETag: \"a\"",
                    "200 | Last-Modified: Sat, 28 Feb 2026 12:00:00 GMT",
                    "200 | Cache-Control: no-cache; ETag: \"a\"",
                    "404 | Cache-Control: max-age=5",
                    "499 | Cache-Control: max-age=5",
                    "599 | Expires: Mon, 02 Mar 2026 12:00:00 GMT",
                    "200 | Cache-Control: max-age=5; Set-Cookie: a=b",
                    "200 | Cache-Control: no-store, must-understand, max-age=5",
                    "200 | Cache-Control: no-store; CDN-Cache-Control: max-age=5",
                    "200 | Cache-Control: private; CDN-Cache-Control: max-age=5",
                    "200 | Cache-Control: private=\"x-user\", max-age=5",
                })
        void is_allowed(int status, String headers) {
            assertThat(policy(status, headers).isStorable(get())).isTrue();
        }

        @ParameterizedTest(name = "{0} {1}")
        @CsvSource(
                delimiter = '|',
                value = {
                    "200 | X: nothing that helps",
                    "200 | Cache-Control: private, max-age=5",
                    "200 | Cache-Control: No-Store, max-age=5",
                    "200 | Cache-Control: max-age=5; Vary: Accept, *",
                    "206 | Cache-Control: max-age=5",
                    "304 | Cache-Control: max-age=5",
                    "101 | Cache-Control: max-age=5",
                    "599 | Cache-Control: max-age=5, must-understand",
                    "403 | Last-Modified: Sat, 28 Feb 2026 12:00:00 GMT",
                    "200 | Last-Modified: Sat, 28 Feb 2026 12:00:00 GMT; Set-Cookie: a=b",
                    "200 | Cache-Control: max-age=5; CDN-Cache-Control: no-store",
                    "200 | Cache-Control: max-age=5; CDN-Cache-Control: private",
                })
        void is_refused(int status, String headers) {
            assertThat(policy(status, headers).isStorable(get())).isFalse();
        }

        @Test
        void follows_the_method_and_the_wish_of_the_request() {
            var policy = policy(200, "Cache-Control: max-age=5");

            assertThat(policy.isStorable(request("HEAD"))).isFalse();
            assertThat(policy.isStorable(request("POST"))).isFalse();
            assertThat(policy.isStorable(request("GET", "Cache-Control", "no-store")))
                    .isFalse();
        }

        @ParameterizedTest
        @CsvSource({
            "max-age=5,false",
            "'public, max-age=5',true",
            "s-maxage=5,true",
            "'max-age=5, must-revalidate',true"
        })
        void answers_to_somebody_known_are_kept_only_when_they_are_meant_for_all(String value, boolean storable) {
            assertThat(policy(200, "Cache-Control: " + value).isStorable(request("GET", "Authorization", "Bearer x")))
                    .isEqualTo(storable);
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Lifetime {

        @ParameterizedTest(name = "{0}: {1} s")
        @CsvSource(
                delimiter = '|',
                value = {
                    "Cache-Control: max-age=5, s-maxage=7 | 7",
                    "Cache-Control: max-age=5; Expires: Sun, 01 Mar 2026 13:00:00 GMT | 5",
                    "Date: Sun, 01 Mar 2026 12:00:00 GMT; Expires: Sun, 01 Mar 2026 12:01:00 GMT | 60",
                    "Date: Sun, 01 Mar 2026 13:00:00 GMT; Expires: Sun, 01 Mar 2026 12:30:00 GMT | 0",
                    "Date: nonsense; Expires: Sun, 01 Mar 2026 12:00:10 GMT | 10",
                    "Expires: Sunday, 01-Mar-26 12:00:10 GMT | 10",
                    "Expires: Sun Mar  1 12:00:10 2026 | 10",
                    "Expires: 0 | 0",
                    "Expires: Sun, 01 Mar 2026 12:01:00 GMT; Expires: Sun, 01 Mar 2026 12:02:00 GMT | 0",
                    "Last-Modified: Sun, 01 Mar 2026 11:59:00 GMT | 6",
                    "Last-Modified: Sat, 01 Mar 2025 12:00:00 GMT | 3600",
                    "Last-Modified: Sun, 01 Mar 2026 12:00:01 GMT | 0",
                    "X: nothing | 0",
                    "CDN-Cache-Control: max-age=300; Cache-Control: no-cache | 300",
                    "CDN-Cache-Control: public; Expires: Sun, 01 Mar 2026 13:00:00 GMT | 0",
                    "CDN-Cache-Control: Broken,,; Cache-Control: max-age=5 | 5",
                })
        void comes_from_the_first_that_says_it(String headers, long seconds) {
            assertThat(policy(200, headers).lifetime(NOON)).isEqualTo(Duration.ofSeconds(seconds));
        }

        @ParameterizedTest
        @ValueSource(ints = {201, 202, 302, 403, 502, 503, 504, 599})
        void is_not_guessed_for_other_statuses(int status) {
            var headers = "Last-Modified: Sun, 01 Mar 2026 11:00:00 GMT";

            assertThat(policy(status, headers).lifetime(NOON)).isZero();
            assertThat(policy(status, headers + "; Cache-Control: public").lifetime(NOON))
                    .isPositive();
        }
    }

    @Nested
    @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
    class Age {

        @ParameterizedTest(name = "{0}: {1} s")
        @CsvSource(
                delimiter = '|',
                value = {
                    "X: nothing | 2",
                    "Age: 30 | 32",
                    "Age: 30, 5 | 32",
                    "Date: Sun, 01 Mar 2026 11:59:00 GMT | 60",
                    "Date: Sun, 01 Mar 2026 11:59:00 GMT; Age: 100 | 102",
                    "Date: Sun, 01 Mar 2026 13:00:00 GMT | 2",
                })
        void counts_what_was_told_the_way_and_the_date(String headers, long seconds) {
            assertThat(policy(200, headers).initialAge(NOON.minusSeconds(2), NOON))
                    .isEqualTo(Duration.ofSeconds(seconds));
        }

        @ParameterizedTest
        @ValueSource(strings = {"abc", "-5", "7.0", "7;a=b"})
        void that_is_no_number_leaves_nothing_fresh(String age) {
            var stored = new StoredAnswer(
                    200,
                    HeaderLines.of("Cache-Control", "max-age=3600", "Age", age),
                    new StoredAnswer.Body(new byte[0]),
                    Vary.Selection.NONE,
                    NOON,
                    NOON,
                    null);

            assertThat(Freshness.of(stored, NOON).isFresh()).isFalse();
        }
    }

    @Test
    void stale_answers_have_windows_only_where_nothing_forbids_them() {
        var both = "Cache-Control: max-age=5, stale-while-revalidate=10, stale-if-error=20";

        assertThat(policy(200, both).staleWhileRevalidate()).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy(200, both).staleIfError()).isEqualTo(Duration.ofSeconds(20));
        for (var forbids : List.of("must-revalidate", "proxy-revalidate", "s-maxage=5", "no-cache")) {
            var policy = policy(200, both + ", " + forbids);
            assertThat(policy.mustNotBeStale()).isTrue();
            assertThat(policy.staleWhileRevalidate()).isZero();
            assertThat(policy.staleIfError()).isZero();
        }
    }

    @Test
    void dates_are_written_as_they_are_read() {
        assertThat(HttpDate.format(NOON)).isEqualTo(AT_NOON);
        assertThat(HttpDate.parse(AT_NOON, NOON)).isEqualTo(NOON);
        assertThat(HttpDate.parse("Friday, 01-Mar-80 12:00:00 GMT", NOON)).isNull();
        assertThat(HttpDate.parse("Saturday, 01-Mar-80 12:00:00 GMT", NOON))
                .isEqualTo(Instant.parse("1980-03-01T12:00:00Z"));
    }

    private static CachePolicy policy(int status, String headers) {
        return CachePolicy.of(status, lines(headers));
    }

    private static HeaderLines lines(String headers) {
        var all = new ArrayList<HeaderLines.Line>();
        Stream.of(headers.split("; ", -1))
                .map(line -> line.split(": ", 2))
                .forEach(parts -> all.add(new HeaderLines.Line(parts[0], parts[1])));
        return new HeaderLines(all);
    }

    private static CacheRequest get() {
        return request("GET");
    }

    private static CacheRequest request(String method, String... headers) {
        return new CacheRequest(method, URI.create("http://shop/api/products"), HeaderLines.of(headers));
    }
}
