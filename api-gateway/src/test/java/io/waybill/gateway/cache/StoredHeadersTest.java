package io.waybill.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StoredHeadersTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void what_is_for_one_connection_or_not_for_all_is_not_kept() {
        var answer = HeaderLines.of(
                "Connection", "close, X-Hop",
                "X-Hop", "1",
                "Keep-Alive", "timeout=5",
                "Proxy-Authenticate", "Basic",
                "Upgrade", "h2c",
                "Cache-Control", "max-age=5, no-cache=\"X-Ask\", private=\"X-User\"",
                "X-Ask", "1",
                "X-User", "1",
                "X-Request-Id", "4bf92f3577b34da6a3ce929d0e0e4736",
                "X-Kept", "1",
                "Date", "Sun, 01 Mar 2026 11:59:59 GMT");

        assertThat(StoredHeaders.of(200, answer, NOON))
                .isEqualTo(HeaderLines.of(
                        "Cache-Control", "max-age=5, no-cache=\"X-Ask\", private=\"X-User\"",
                        "X-Kept", "1",
                        "Date", "Sun, 01 Mar 2026 11:59:59 GMT"));
    }

    @Test
    void an_answer_without_a_date_gets_the_one_of_its_arrival() {
        assertThat(StoredHeaders.of(200, HeaderLines.of("ETag", "\"a\""), NOON).first("date"))
                .isEqualTo("Sun, 01 Mar 2026 12:00:00 GMT");
    }

    @Test
    void an_approval_renews_what_it_says_and_leaves_what_belongs_to_the_body() {
        var stored = HeaderLines.of(
                "Date", "Sun, 01 Mar 2026 11:00:00 GMT",
                "Age", "30",
                "Cache-Control", "max-age=1",
                "Content-Length", "5",
                "Content-Encoding", "gzip",
                "ETag", "W/\"a\"",
                "X-Same", "1",
                "X-Old", "1");
        var notModified = HeaderLines.of(
                "Date", "Sun, 01 Mar 2026 12:00:00 GMT",
                "Cache-Control", "max-age=60",
                "Content-Length", "0",
                "Content-Encoding", "br",
                "ETag", "\"a\"",
                "X-Old", "2");

        assertThat(StoredHeaders.renewed(stored, notModified, NOON))
                .isEqualTo(HeaderLines.of(
                        "Content-Length", "5",
                        "Content-Encoding", "gzip",
                        "ETag", "W/\"a\"",
                        "X-Same", "1",
                        "Date", "Sun, 01 Mar 2026 12:00:00 GMT",
                        "Cache-Control", "max-age=60",
                        "X-Old", "2"));
    }

    @ParameterizedTest
    @CsvSource({"'\"a\"','\"a\"',true", "'\"a\"','\"b\"',false", "'W/\"a\"','\"a\"',false", "'W/\"a\"','W/\"a\"',true"})
    void an_approval_of_something_else_approves_nothing(String stored, String approved, boolean approves) {
        var answer = answer(HeaderLines.of("ETag", stored));

        assertThat(StoredHeaders.approves(HeaderLines.of("ETag", approved), answer))
                .isEqualTo(approves);
        assertThat(StoredHeaders.approves(HeaderLines.of(), answer)).isTrue();
    }

    @Test
    void what_is_stored_is_read_back_equal() {
        var answer = new StoredAnswer(
                599,
                HeaderLines.of("Set-Cookie", "a=1", "Set-Cookie", "b=é", "Empty", ""),
                new StoredAnswer.Body("Grüße".getBytes(StandardCharsets.UTF_8)),
                new Vary.Selection(new TreeMap<>(Map.of("accept", "=a,b", "foo", ""))),
                NOON,
                NOON.plusMillis(7),
                Position.parse("17:4"));

        assertThat(AnswerCodec.decode(AnswerCodec.encode(answer))).isEqualTo(answer);
    }

    @Test
    void what_was_cut_off_or_written_by_another_version_is_not_stored() {
        var bytes = AnswerCodec.encode(answer(HeaderLines.of("ETag", "\"a\"")));
        for (int length = 0; length < bytes.length; length++) {
            assertThat(AnswerCodec.decode(java.util.Arrays.copyOf(bytes, length)))
                    .isNull();
        }
        bytes[0]++;
        assertThat(AnswerCodec.decode(bytes)).isNull();
    }

    @Test
    void positions_compare_as_numbers() {
        assertThat(Position.parse("9:100").isBefore(Position.parse("10:1"))).isTrue();
        assertThat(Position.parse("10:9").isBefore(Position.parse("10:10"))).isTrue();
        assertThat(Position.parse("10:9").isBefore(Position.parse("10:9"))).isFalse();
        assertThat(Position.parse("10")).isNull();
        assertThat(Position.parse("-1:3")).isNull();
    }

    @Test
    void the_feed_vouches_only_for_what_was_made_after_it_was_heard() {
        var feed = new EventFeed();
        assertThat(feed.vouchesFor(Position.parse("5:5"))).isFalse();

        feed.connected(feed.lost());
        var session = feed.session();
        assertThat(feed.vouchesFor(Position.parse("5:5"))).isFalse();

        feed.learn(session, Position.parse("5:5"));
        assertThat(feed.vouchesFor(Position.parse("5:4"))).isFalse();
        assertThat(feed.vouchesFor(Position.parse("5:5"))).isTrue();
        assertThat(feed.vouchesFor(null)).isFalse();
        assertThat(feed.isUnbroken(session)).isTrue();

        feed.lost();
        assertThat(feed.vouchesFor(Position.parse("5:6"))).isFalse();
        feed.connected(feed.lost());
        feed.learn(session, Position.parse("5:5"));
        assertThat(feed.vouchesFor(Position.parse("5:6"))).isFalse();
        assertThat(feed.isUnbroken(session)).isFalse();
    }

    private static StoredAnswer answer(HeaderLines headers) {
        return new StoredAnswer(
                200, headers, new StoredAnswer.Body(new byte[] {1, 2}), Vary.Selection.NONE, NOON, NOON, null);
    }
}
