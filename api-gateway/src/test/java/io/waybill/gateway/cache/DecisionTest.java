package io.waybill.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.gateway.cache.Decision.Forward;
import io.waybill.gateway.cache.Decision.Hit;
import io.waybill.gateway.cache.Decision.NothingStored;
import io.waybill.gateway.cache.Decision.Reason;
import io.waybill.gateway.cache.Decision.Validate;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DecisionTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void nothing_stored_is_asked_for() {
        assertThat(decide(request())).isEqualTo(new Forward(Reason.URI_MISS));
    }

    @Test
    void what_is_fresh_is_used_and_what_is_stale_is_asked_about() {
        var stored = stored("max-age=60", 59);

        assertThat(decide(request(), stored)).isInstanceOf(Hit.class);
        assertThat(decide(request(), stored("max-age=60", 60))).isInstanceOf(Validate.class);
    }

    @Test
    void what_an_event_outdated_is_asked_about_however_fresh_it_is() {
        var stored = stored("max-age=60, stale-while-revalidate=60", 1);

        assertThat(Decision.of(request(), List.of(stored), answer -> false, NOON))
                .isEqualTo(new Validate(stored, Reason.STALE));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "no-cache | Validate",
                "max-age=0 | Validate",
                "max-age=9 | Validate",
                "max-age=10 | Hit",
                "min-fresh=50 | Hit",
                "min-fresh=51 | Validate",
                "only-if-cached | Hit",
                "nothing-known | Hit",
                "max-age=x | Validate",
            })
    void a_request_may_ask_for_more_than_freshness(String directive, String decision) {
        var stored = stored("max-age=60", 10);

        assertThat(decide(request("Cache-Control", directive), stored)
                        .getClass()
                        .getSimpleName())
                .isEqualTo(decision);
    }

    @Test
    void pragma_counts_only_without_cache_control() {
        var stored = stored("max-age=60", 10);

        assertThat(decide(request("Pragma", "no-cache"), stored)).isInstanceOf(Validate.class);
        assertThat(decide(request("Pragma", "foo"), stored)).isInstanceOf(Hit.class);
        assertThat(decide(request("Pragma", "no-cache", "Cache-Control", "max-age=30"), stored))
                .isInstanceOf(Hit.class);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "max-stale | max-age=60 | Hit",
                "max-stale=40 | max-age=60 | Hit",
                "max-stale=39 | max-age=60 | Validate",
                "max-stale | max-age=60, must-revalidate | Validate",
                "max-stale | s-maxage=60 | Validate",
                "x | max-age=60, stale-while-revalidate=41 | HitAndRenew",
                "x | max-age=60, stale-while-revalidate=40 | Validate",
                "no-cache | max-age=60, stale-while-revalidate=90 | Validate",
                "max-age=50 | max-age=60, stale-while-revalidate=90 | Validate",
            })
    void what_is_stale_is_used_only_where_both_sides_allow_it(String asked, String told, String decision) {
        assertThat(decide(request("Cache-Control", asked), stored(told, 100))
                        .getClass()
                        .getSimpleName())
                .isEqualTo(decision);
    }

    @Test
    void only_the_store_is_asked_when_the_client_wants_it() {
        var request = request("Cache-Control", "only-if-cached");

        assertThat(decide(request)).isInstanceOf(NothingStored.class);
        assertThat(decide(request, stored("max-age=60", 61))).isInstanceOf(NothingStored.class);
    }

    @Test
    void no_cache_of_the_origin_holds_for_fresh_answers_too() {
        assertThat(decide(request(), stored("no-cache, max-age=60", 1))).isInstanceOf(Validate.class);
        assertThat(decide(request(), stored("no-cache=\"x-mine\", max-age=60", 1)))
                .isInstanceOf(Hit.class);
    }

    @ParameterizedTest(name = "stored for {0}, asked with {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Foo: 1 | Foo: 1 | true",
                "Foo: 1 | Foo: 2 | false",
                "Foo: 1 | Bar: 1 | false",
                "Bar: 1 | Foo: 1 | false",
                "Foo: 1,2 | Foo:  1 , 2 | true",
                "Foo: 1, 2 | Foo: 2, 1 | false",
                "Accept-Language: en, de | Accept-Language: DE ,en | true",
                "Accept-Language: en;q=1.0, de | Accept-Language: de, en | true",
                "Accept-Language: en, de;q=0.5 | Accept-Language: en, de | false",
            })
    void an_answer_is_for_requests_that_say_the_same_in_the_fields_it_varies_by(
            String first, String second, boolean same) {
        var vary = HeaderLines.of("Vary", "Foo, Accept-Language");
        var selection = Vary.selection(vary, line(first));

        assertThat(selection.matches(line(second))).isEqualTo(same);
    }

    @Test
    void of_several_that_fit_the_newest_is_used() {
        var older = stored("max-age=60", 20);
        var newer = stored("max-age=60", 10);

        assertThat(decide(request(), older, newer)).isEqualTo(new Hit(newer, Freshness.of(newer, NOON)));
    }

    @Test
    void an_answer_for_others_is_no_answer() {
        var stored = withVary(stored("max-age=60", 1), HeaderLines.of("Foo", "1"));

        assertThat(decide(request("Foo", "2"), stored)).isEqualTo(new Forward(Reason.VARY_MISS));
    }

    @ParameterizedTest(name = "{0} after {1} s: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60, stale-if-error=40 | 99 | true",
                "max-age=60, stale-if-error=40 | 100 | false",
                "max-age=60 | 61 | false",
                "max-age=60, stale-if-error=40, must-revalidate | 70 | false",
            })
    void a_failing_origin_is_stood_in_for_as_long_as_it_allows(String told, int age, boolean allowed) {
        assertThat(Decision.mayStandIn(request(), stored(told, age), NOON)).isEqualTo(allowed);
    }

    @Test
    void a_client_may_allow_more() {
        assertThat(Decision.mayStandIn(request("Cache-Control", "stale-if-error=90"), stored("max-age=60", 100), NOON))
                .isTrue();
    }

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"a\" | If-None-Match: \"a\" | true",
                "W/\"a\" | If-None-Match: \"a\" | true",
                "\"a\" | If-None-Match: W/\"a\" | true",
                "\"a\" | If-None-Match: \"x\", \"a\" | true",
                "\"a,b\" | If-None-Match: \"x\", \"a,b\" | true",
                "\"a\" | If-None-Match: * | true",
                "\"a\" | If-None-Match: a | false",
                "\"a\" | If-None-Match: \"b\" | false",
                "\"a\" | If-Modified-Since: Sun, 01 Mar 2026 11:00:00 GMT | true",
                "\"a\" | If-Modified-Since: Sun, 01 Mar 2026 11:00:01 GMT | true",
                "\"a\" | If-Modified-Since: Sun, 01 Mar 2026 10:59:59 GMT | false",
                "\"a\" | If-Modified-Since: Sunday, 01-Mar-26 11:00:00 GMT | true",
                "\"a\" | If-Modified-Since: soon | false",
            })
    void a_client_that_has_the_answer_is_told_so(String tag, String condition, boolean has) {
        var stored = answer(HeaderLines.of("ETag", tag, "Last-Modified", "Sun, 01 Mar 2026 11:00:00 GMT"), 1);

        assertThat(Conditions.clientHas(stored, line(condition), NOON)).isEqualTo(has);
    }

    @Test
    void tags_take_precedence_over_dates() {
        var stored = answer(HeaderLines.of("ETag", "\"a\"", "Last-Modified", "Sun, 01 Mar 2026 11:00:00 GMT"), 1);
        var asked = HeaderLines.of("If-None-Match", "\"b\"", "If-Modified-Since", "Sun, 01 Mar 2026 11:30:00 GMT");

        assertThat(Conditions.clientHas(stored, asked, NOON)).isFalse();
    }

    @ParameterizedTest(name = "{0} of 10: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-1 | bytes 0-1/10",
                "bytes=5- | bytes 5-9/10",
                "bytes=-3 | bytes 7-9/10",
                "bytes=-30 | bytes 0-9/10",
                "bytes=8-30 | bytes 8-9/10",
            })
    void a_part_is_cut_out(String asked, String contentRange) {
        assertThat(ByteRange.parse(asked, 10).contentRange(10)).isEqualTo(contentRange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=5-4", "bytes=-0", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=x-"})
    void other_ranges_are_left_to_the_origin(String asked) {
        assertThat(ByteRange.parse(asked, 10)).isNull();
    }

    private static Decision decide(CacheRequest request, StoredAnswer... variants) {
        return Decision.of(request, List.of(variants), stored -> true, NOON);
    }

    private static CacheRequest request(String... headers) {
        return new CacheRequest("GET", URI.create("http://shop/api/products"), HeaderLines.of(headers));
    }

    private static HeaderLines line(String line) {
        var parts = line.split(": ", 2);
        return HeaderLines.of(parts[0], parts[1]);
    }

    private static StoredAnswer stored(String cacheControl, int age) {
        return answer(HeaderLines.of("Cache-Control", cacheControl, "ETag", "\"a\""), age);
    }

    private static StoredAnswer answer(HeaderLines headers, int age) {
        var made = NOON.minusSeconds(age);
        return new StoredAnswer(
                200,
                headers.with("Date", HttpDate.format(made)),
                new StoredAnswer.Body("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                Vary.Selection.NONE,
                made,
                made,
                null);
    }

    private static StoredAnswer withVary(StoredAnswer stored, HeaderLines request) {
        return new StoredAnswer(
                stored.status(),
                stored.headers(),
                stored.body(),
                Vary.selection(HeaderLines.of("Vary", "Foo"), request),
                stored.requestedAt(),
                stored.receivedAt(),
                stored.position());
    }
}
