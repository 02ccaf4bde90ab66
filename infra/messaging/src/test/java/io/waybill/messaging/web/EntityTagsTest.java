package io.waybill.messaging.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EntityTagsTest {

    @Test
    void who_asks_for_the_headers_alone_gets_the_tag_of_the_content() throws Exception {
        var tag = requireNonNull(answer("GET", "").getHeader("ETag"));

        assertThat(answer("HEAD", "").getHeader("ETag")).isEqualTo(tag);
        assertThat(answer("HEAD", tag).getStatus()).isEqualTo(304);
    }

    @Test
    void what_came_of_a_command_has_none() throws Exception {
        assertThat(answer("POST", "").getHeader("ETag")).isNull();
    }

    private static MockHttpServletResponse answer(String method, String known) throws Exception {
        var request = new MockHttpServletRequest(method, "/api/orders");
        if (!known.isEmpty()) {
            request.addHeader("If-None-Match", known);
        }
        var response = new MockHttpServletResponse();
        new EntityTags()
                .doFilter(request, response, (asked, given) -> given.getWriter().write("{}"));
        return response;
    }
}
