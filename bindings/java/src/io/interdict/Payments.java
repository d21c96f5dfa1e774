package io.interdict;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The verdicts on the payment messages of a file.
 *
 * @param verdict the worst verdict of all messages
 * @param messages the messages, in their order
 * @param json the whole answer: also the subjects of each message with their fields, paths and places
 */
public record Payments(Verdict verdict, List<Message> messages, String json) {

    /** What is to be done with a message; a later one is worse. */
    public enum Verdict {
        /** It was read whole, and nothing was found. */
        PASS,
        /** It was read whole, and something was found. */
        HOLD,
        /** It could not be read whole: never to be released without a person's look. */
        UNREADABLE;

        private static Verdict of(Object word) {
            return valueOf(Json.text(word).toUpperCase(Locale.ROOT));
        }
    }

    /**
     * A message.
     *
     * @param number its number in the file, from 1 on
     * @param kind its kind: {@code pacs.008}, {@code MT103}; empty if it could not be told
     * @param messageId its own id
     * @param verdict its verdict
     * @param findings what was found
     * @param problems what could not be read, each with its place
     */
    public record Message(
            long number, String kind, String messageId, Verdict verdict, List<Finding> findings, List<String> problems) {}

    /**
     * Why a message is held.
     *
     * @param subject the number of the subject in the message, from 0 on
     * @param role the role of the subject, such as {@code debtor}
     * @param query the name or text that was screened; empty for an embargo
     * @param list the list's name; {@code embargo} for an embargoed country or place
     * @param entityId the entity's id in its list, or the country or place
     * @param entityName the entity's primary name; empty for an embargo
     * @param score the score from 0 to 1; 1 for an embargo
     */
    public record Finding(
            int subject, String role, String query, String list, String entityId, String entityName, double score) {}

    static Payments of(String json) {
        Map<String, Object> answer = Json.object(Json.parse(json));
        List<Message> messages = Json.objects(answer.get("messages")).stream().map(Payments::message).toList();
        return new Payments(Verdict.of(answer.get("verdict")), messages, json);
    }

    private static Message message(Map<String, Object> message) {
        List<String> problems = Json.objects(message.get("problems")).stream()
                .map(problem -> "byte " + (long) Json.number(problem.get("byte")) + ": " + Json.text(problem.get("reason")))
                .toList();
        return new Message(
                (long) Json.number(message.get("number")),
                Json.text(message.get("kind")),
                Json.text(Json.object(message.get("ids")).get("message_id")),
                Verdict.of(message.get("verdict")),
                Json.objects(message.get("findings")).stream().map(Payments::finding).toList(),
                problems);
    }

    private static Finding finding(Map<String, Object> finding) {
        int subject = (int) Json.number(finding.get("subject"));
        String role = Json.text(finding.get("role"));
        Map<String, Object> hit = Json.object(finding.get("hit"));
        if (hit == null) {
            Map<String, Object> embargo = Json.object(finding.get("embargo"));
            return new Finding(subject, role, "", "embargo", Json.text(embargo.get("embargoed")), "", 1);
        }
        return new Finding(subject, role, Json.text(hit.get("query")), Json.text(hit.get("list")),
                Json.text(hit.get("entity_id")), Json.text(hit.get("entity_name")), Json.number(hit.get("score")));
    }
}
