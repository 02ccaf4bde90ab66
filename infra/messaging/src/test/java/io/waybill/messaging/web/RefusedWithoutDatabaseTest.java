package io.waybill.messaging.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.waybill.messaging.database.DatabaseReach;
import io.waybill.messaging.processing.TransientFailures;
import jakarta.servlet.DispatcherType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RefusedWithoutDatabaseTest {

    private final DatabaseReach database = mock(DatabaseReach.class);
    private final MockHttpServletRequest request = new MockHttpServletRequest("POST", "/api/orders");

    @BeforeEach
    void away() {
        when(database.isAway()).thenReturn(true);
    }

    @Test
    void a_request_that_comes_while_the_database_is_away_is_refused_for_now() {
        assertThatThrownBy(this::handle).matches(TransientFailures::isTransient);
    }

    @Test
    void an_answer_that_is_ready_is_told_though_the_database_is_away_by_then() {
        request.setDispatcherType(DispatcherType.ASYNC);

        assertThat(handle()).isTrue();
    }

    private boolean handle() {
        return new RefusedWithoutDatabase(database).preHandle(request, new MockHttpServletResponse(), new Object());
    }
}
