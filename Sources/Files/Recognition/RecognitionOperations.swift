import Service

/// How pictures are read.
enum RecognitionOperations {
    static func all(_ files: Files, _ recognitions: Recognitions) -> [Operation] {
        [
            .post(
                FileAddresses.base + "/{id}/recognize", "recognizeFile", "Read what stands in a picture", tag: "Files",
                who: .signedIn, problems: [RecognitionProblem.notRecognized, RecognitionProblem.unavailable],
                body: RecognitionBody.self, answer: RecognitionView.self, status: 200
            ) { call, body in
                let user = try call.caller.user()
                let file = try await files.readable(try call.id(), by: call.caller)
                return try await recognitions.read(file, body.wish, by: user, as: call.effect.id)
            }.askingOutside().limited(RateLimit("recognitions", 20, perSeconds: 60)).deadline(seconds: 60)
                .described(
                    """
                    The figure of a meter or a number plate. Waits until it has been read. A confidence below 0.7 wants a person's \
                    look; nothing is stored by it.
                    """)
        ]
    }
}
