package io.waybill.messaging.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SqlSummaryTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        select max(sequence_number) from event_stream where subject = ?            | SELECT event_stream
        insert into task (queue, key) values (?, ?) on conflict do update set a = 1 | INSERT task
        with t as (select 1), due as (select key from task) update task set a = ?  | UPDATE task
        delete from deadline where id in (select id from deadline for update)      | DELETE deadline
        select on_hand from stock_level where sku = ? for update of stock_level     | SELECT stock_level
        select pg_advisory_xact_lock(?)                                            | SELECT
        NOTIFY appended                                                            | NOTIFY
        """)
    void a_statement_is_named_by_what_it_does_to_which_table(String sql, String name) {
        assertThat(SqlSummary.of(sql).name()).isEqualTo(name);
    }

    @Test
    void its_text_stands_on_one_line() {
        assertThat(SqlSummary.of("select 1\n  from   task\n").text()).isEqualTo("select 1 from task");
    }
}
