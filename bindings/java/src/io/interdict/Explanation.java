package io.interdict;

import java.util.List;
import java.util.Map;

/**
 * Why an entity scores what it does. The score of the name is {@code matched} less what was lost, as a part of {@code matched}.
 *
 * @param list the list's name
 * @param entityId the entity's id in its list
 * @param entityName the entity's primary name
 * @param score the score from 0 to 1
 * @param nameScore the score of the name before the other fields
 * @param pairs the matched words
 * @param onlyInQuery words of the party's name without a match
 * @param onlyInList words of the listed name without a match
 * @param fields the effect of the other fields
 * @param text the whole explanation for a person, in several lines
 * @param json the whole explanation for a case system: a JSON object with {@code hit}, {@code explanation} and {@code text}
 */
public record Explanation(
        String list,
        String entityId,
        String entityName,
        double score,
        double nameScore,
        List<Pair> pairs,
        List<Word> onlyInQuery,
        List<Word> onlyInList,
        List<FieldEffect> fields,
        String text,
        String json) {

    /**
     * Words that match.
     *
     * @param query the word or words of the party's name
     * @param listed the word or words of the listed name
     * @param kind how they match, such as {@code equal}
     * @param similarity their similarity, above 0 and at most 1
     * @param weight their weight
     * @param tag the class of the listed word, such as {@code legal form}
     */
    public record Pair(String query, String listed, String kind, double similarity, double weight, String tag) {}

    /**
     * A word without a match.
     *
     * @param text the word
     * @param tag its class
     * @param weight its weight
     */
    public record Word(String text, String tag, double weight) {}

    /**
     * The effect of a field.
     *
     * @param field the field: {@code birth date}, {@code country}, {@code gender} or {@code schema}
     * @param finding the result of the comparison, for a person
     * @param effect above 0, the part of what the score lacks to 1 that is added; below 0, the part of the score that is taken
     */
    public record FieldEffect(String field, String finding, double effect) {}

    /** The explanations of an answer. */
    static List<Explanation> all(String json) {
        return Json.objects(Json.parse(json)).stream().map(Explanation::of).toList();
    }

    private static Explanation of(Map<String, Object> object) {
        Map<String, Object> hit = Json.object(object.get("hit"));
        Map<String, Object> explanation = Json.object(object.get("explanation"));
        return new Explanation(
                Json.text(hit.get("list")),
                Json.text(hit.get("entity_id")),
                Json.text(hit.get("entity_name")),
                Json.number(hit.get("score")),
                Json.number(explanation.get("name_score")),
                Json.objects(explanation.get("pairs")).stream().map(Explanation::pair).toList(),
                Json.objects(explanation.get("only_in_query")).stream().map(Explanation::word).toList(),
                Json.objects(explanation.get("only_in_list")).stream().map(Explanation::word).toList(),
                Json.objects(explanation.get("fields")).stream().map(Explanation::effect).toList(),
                Json.text(object.get("text")),
                Json.written(object));
    }

    private static Pair pair(Map<String, Object> pair) {
        return new Pair(
                Json.text(pair.get("query")),
                Json.text(pair.get("listed")),
                Json.text(pair.get("kind")),
                Json.number(pair.get("similarity")),
                Json.number(pair.get("weight")),
                Json.text(pair.get("tag")));
    }

    private static Word word(Map<String, Object> word) {
        return new Word(Json.text(word.get("text")), Json.text(word.get("tag")), Json.number(word.get("weight")));
    }

    private static FieldEffect effect(Map<String, Object> field) {
        return new FieldEffect(
                Json.text(field.get("field")), Json.text(field.get("finding")), Json.number(field.get("effect")));
    }
}
