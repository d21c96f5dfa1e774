/* What must be an error and never a crash: run under valgrind, which also sees what leaks and what is read too far.
 *
 *     hostile LIST
 */
#include <interdict.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks = 0;

static void check(int line, const char *call, interdict_status got, interdict_status expected) {
    checks++;
    if (got != expected) {
        fprintf(stderr, "line %d: %s: status %d and not %d: %s\n", line, call, (int)got, (int)expected, interdict_last_error());
        exit(1);
    }
    if (expected != INTERDICT_OK && strlen(interdict_last_error()) == 0) {
        fprintf(stderr, "line %d: %s: no message\n", line, call);
        exit(1);
    }
}
#define CHECK(call, expected) check(__LINE__, #call, (call), (expected))

static interdict_screener opened(const char *path) {
    interdict_screener screener = 0;
    CHECK(interdict_open(&path, NULL, 1, NULL, 0, &screener), INTERDICT_OK);
    return screener;
}

/* A buffer of the very size of a text, so that valgrind sees whoever reads behind it. */
static char *exact(const char *text, size_t len) {
    char *copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    return copy;
}

static void no_nulls(const char *path, interdict_screener s) {
    interdict_screener other = 7;
    interdict_answer answer;
    interdict_hit hit;
    char text[64];
    char *json = text;
    CHECK(interdict_open(NULL, NULL, 1, NULL, 0, &other), INTERDICT_NULL_POINTER);
    CHECK(interdict_open(&path, NULL, 1, NULL, 0, NULL), INTERDICT_NULL_POINTER);
    CHECK(interdict_open(&path, NULL, 1, NULL, 5, &other), INTERDICT_NULL_POINTER);
    CHECK(interdict_open(NULL, NULL, 0, NULL, 0, &other), INTERDICT_INVALID_ARGUMENT);
    const char *none = NULL;
    CHECK(interdict_open(&none, NULL, 1, NULL, 0, &other), INTERDICT_NULL_POINTER);
    CHECK(interdict_screen_name(s, NULL, 5, &hit, 1, text, 64, &answer), INTERDICT_NULL_POINTER);
    CHECK(interdict_screen_name(s, "A B", 3, &hit, 1, text, 64, NULL), INTERDICT_NULL_POINTER);
    CHECK(interdict_screen_name(s, "A B", 3, NULL, 1, text, 64, &answer), INTERDICT_NULL_POINTER);
    CHECK(interdict_screen_name(s, "A B", 3, &hit, 1, NULL, 64, &answer), INTERDICT_NULL_POINTER);
    CHECK(interdict_screen_party(s, NULL, 1, &hit, 1, text, 64, &answer), INTERDICT_NULL_POINTER);
    CHECK(interdict_screen_json(s, NULL, 2, &json, NULL), INTERDICT_NULL_POINTER);
    CHECK(interdict_screen_json(s, "{}", 2, NULL, NULL), INTERDICT_NULL_POINTER);
    CHECK(interdict_explain_json(s, "{\"name\":\"A B\"}", 14, "own", 3, NULL, 0, &json, NULL), INTERDICT_NULL_POINTER);
    if (json != NULL) exit(1);
    CHECK(interdict_lists_json(s, NULL, NULL), INTERDICT_NULL_POINTER);
    interdict_string_free(NULL);
    CHECK(interdict_free(0), INTERDICT_OK);
}

static void no_bad_lengths(interdict_screener s) {
    interdict_answer answer;
    interdict_hit hit;
    char text[64];
    CHECK(interdict_screen_name(s, "A B", SIZE_MAX, &hit, 1, text, 64, &answer), INTERDICT_INVALID_ARGUMENT);
    CHECK(interdict_screen_name(s, "A B", 3, &hit, SIZE_MAX, text, 64, &answer), INTERDICT_INVALID_ARGUMENT);
    CHECK(interdict_screen_name(s, "A B", 3, &hit, 1, text, SIZE_MAX, &answer), INTERDICT_INVALID_ARGUMENT);
    CHECK(interdict_screen_name(s, "", 0, &hit, 1, text, 64, &answer), INTERDICT_INVALID_PARTY);
    CHECK(interdict_screen_name(s, "?!", 2, &hit, 1, text, 64, &answer), INTERDICT_INVALID_PARTY);
    CHECK(interdict_screen_name(s, NULL, 0, NULL, 0, NULL, 0, &answer), INTERDICT_INVALID_PARTY);
    interdict_field field = {99, "x", 1};
    CHECK(interdict_screen_party(s, &field, 1, &hit, 1, text, 64, &answer), INTERDICT_INVALID_ARGUMENT);
}

/* Texts that are no UTF-8 or no JSON, cut at every byte. */
static void no_bad_texts(interdict_screener s) {
    interdict_answer answer;
    interdict_hit hits[4];
    char text[512];
    char *json = NULL;
    const char *broken[] = {"\xff", "A\xc3", "\xed\xa0\x80", "\xf5\x80\x80\x80"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        size_t len = strlen(broken[i]);
        char *copy = exact(broken[i], len);
        CHECK(interdict_screen_name(s, copy, len, hits, 4, text, 512, &answer), INTERDICT_INVALID_UTF8);
        CHECK(interdict_screen_json(s, copy, len, &json, NULL), INTERDICT_INVALID_UTF8);
        free(copy);
    }
    const char *party = "{\"name\": \"Анатолий Петровский\", \"birth_date\": [\"1970\"], \"identifiers\": {\"lei\": \"X\"}}";
    for (size_t len = 0; len <= strlen(party); len++) {
        char *copy = exact(party, len);
        interdict_status status = interdict_screen_json(s, copy, len, &json, NULL);
        if (len < strlen(party) ? status != INTERDICT_INVALID_JSON && status != INTERDICT_INVALID_UTF8 : status != 0) exit(1);
        interdict_string_free(json);
        free(copy);
    }
    /* A name with a NUL, and one of a megabyte. */
    CHECK(interdict_screen_name(s, "A\0B", 3, hits, 4, text, 512, &answer), INTERDICT_INVALID_PARTY);
    char *large = malloc(1 << 20);
    memset(large, 'x', 1 << 20);
    CHECK(interdict_screen_name(s, large, 1 << 20, hits, 4, text, 512, &answer), INTERDICT_OK);
    free(large);
    /* JSON within JSON within JSON. */
    char deep[2000] = "";
    memset(deep, '[', 1999);
    CHECK(interdict_screen_json(s, deep, 1999, &json, NULL), INTERDICT_INVALID_JSON);
}

static void no_wrong_handles(const char *path) {
    char *json = NULL;
    interdict_answer answer;
    interdict_screener closed = opened(path);
    CHECK(interdict_free(closed), INTERDICT_OK);
    interdict_screener wrong[] = {closed, 0, 1, 2, UINT64_MAX, (interdict_screener)(uintptr_t)&json};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        interdict_screener w = wrong[i];
        CHECK(interdict_screen_json(w, "{\"name\":\"A B\"}", 14, &json, NULL), INTERDICT_INVALID_HANDLE);
        CHECK(interdict_screen_name(w, "A B", 3, NULL, 0, NULL, 0, &answer), INTERDICT_INVALID_HANDLE);
        CHECK(interdict_explain_json(w, "{\"name\":\"A B\"}", 14, NULL, 0, NULL, 0, &json, NULL), INTERDICT_INVALID_HANDLE);
        CHECK(interdict_lists_json(w, &json, NULL), INTERDICT_INVALID_HANDLE);
        CHECK(interdict_reload(w, NULL, NULL, 0, NULL, 0), INTERDICT_INVALID_HANDLE);
        if (w != 0) CHECK(interdict_free(w), INTERDICT_INVALID_HANDLE);
    }
}

static void *screen_until_closed(void *argument) {
    interdict_screener s = *(interdict_screener *)argument;
    interdict_answer answer;
    interdict_hit hits[4];
    char text[512];
    interdict_status status;
    while ((status = interdict_screen_name(s, "Volga Star", 10, hits, 4, text, 512, &answer)) == INTERDICT_OK) {
        if (answer.written != 1 || strcmp(text + hits[0].entity_name.offset, "Volga Star") != 0) exit(1);
    }
    if (status != INTERDICT_INVALID_HANDLE) exit(1);
    return NULL;
}

static void closed_while_others_screen(const char *path) {
    interdict_screener s = opened(path);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, screen_until_closed, &s);
    for (int i = 0; i < 5; i++) CHECK(interdict_reload(s, NULL, NULL, 0, NULL, 0), INTERDICT_OK);
    CHECK(interdict_free(s), INTERDICT_OK);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
}

int main(int count, char **arguments) {
    if (count != 2) return 2;
    if (strlen(interdict_version()) < 5) return 1;
    interdict_screener s = opened(arguments[1]);
    no_nulls(arguments[1], s);
    no_bad_lengths(s);
    no_bad_texts(s);
    no_wrong_handles(arguments[1]);
    closed_while_others_screen(arguments[1]);
    char *json = NULL;
    size_t len = 0;
    CHECK(interdict_lists_json(s, &json, &len), INTERDICT_OK);
    if (len != strlen(json)) return 1;
    interdict_string_free(json);
    CHECK(interdict_free(s), INTERDICT_OK);
    printf("%d checks\n", checks);
    return 0;
}
