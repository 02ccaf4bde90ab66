package io.waybill.messaging.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LoggedOrderTest {

    private static final String ID = "01a2042e-36c3-7d81-babe-7e024484c768";
    private static final String OTHER = "01a2042e-3a3e-7154-adf8-3ca1e1c43314";

    @ParameterizedTest
    @ValueSource(strings = {"ord_" + ID, "pay_" + ID, "CONFIRMED/ord_" + ID + "/x", "/api/shipments/shp_" + ID})
    void what_tells_an_order_names_it_while_it_is_worked_on(String subject) {
        assertThat(LoggedOrder.in(subject, LoggedOrderTest::named)).isEqualTo("ord_" + ID);
        assertThat(named()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MUG-ENAMEL", "ord_1\nERROR", "ord_------------------------------------", "word_" + ID})
    void nothing_else_is_ever_taken_for_an_order(String subject) {
        assertThat(LoggedOrder.in(subject, LoggedOrderTest::named)).isNull();
    }

    @Test
    void work_within_work_gives_the_name_back_also_when_it_fails() {
        LoggedOrder.in("ord_" + ID, () -> {
            assertThatThrownBy(() -> LoggedOrder.in("ord_" + OTHER, () -> {
                        assertThat(named()).isEqualTo("ord_" + OTHER);
                        throw new IllegalStateException();
                    }))
                    .isInstanceOf(IllegalStateException.class);
            return assertThat(named()).isEqualTo("ord_" + ID);
        });
    }

    @Test
    void a_request_is_about_the_order_in_its_path() throws ServletException, IOException {
        List<@Nullable String> seen = new ArrayList<>();
        FilterChain chain = (request, response) -> seen.add(named());
        var filter = new OrderOfRequest();
        filter.doFilter(
                new MockHttpServletRequest("GET", "/api/orders/ord_" + ID + "/history"),
                new MockHttpServletResponse(),
                chain);
        filter.doFilter(new MockHttpServletRequest("GET", "/api/orders"), new MockHttpServletResponse(), chain);

        assertThat(seen).containsExactly("ord_" + ID, null);
        assertThat(named()).isNull();
    }

    private static @Nullable String named() {
        return MDC.get(LoggedOrder.KEY);
    }
}
